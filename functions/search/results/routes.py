"""The endpoints of results."""

from typing import Annotated

from fastapi import Query

from functions.search import examples
from functions.search.results.schemas import (
    Id,
    ImportIn,
    ImportOut,
    ResultsOut,
    import_out,
    result_out,
    results_out,
)
from functions.search.results.wiring import Results
from groundswell.http.app import create_router
from groundswell.http.operation import operation
from groundswell.http.paging import PageRequest, paging
from groundswell.http.principal import Member, Viewer
from groundswell.kernel.page import CountedPage
from groundswell.tenancy.clients.model import Scope

router = create_router("Lead generation")
_DAY = 24 * 3600
Ranked = Annotated[PageRequest, paging(sorts=("rank",))]


@router.get(
    "/search/results",
    **operation(
        "search.results",
        scope=Scope.SEARCH_WRITE,
        limit=(1000, _DAY, "user"),
        response_example=[examples.RESULT],
        meta=examples.RESULTS_META,
        errors=(401, 403, 404, 409),
    ),
)
async def list_results(
    who: Viewer,
    page: Ranked,
    results: Results,
    goal_id: Annotated[Id, Query(description="Whose results")],
    version: Annotated[
        int | None, Query(ge=1, le=10**6, description="Of the strategy they were found with; else the newest")
    ] = None,
) -> ResultsOut:
    """Who was found for a goal, best first. The first call begins the search (`meta.status` is `running`); once it is
    `ready`, its results stay as they are, and every call pages through the same ones.

    Pages are read as their `robots.txt` allows, and only what stands on them becomes a result. Who opted out is left
    out. The search stops at the goal's budget (`meta.stopped`); an edited strategy is
    searched with anew. Without a search engine (`BRAVE_API_KEY`) the answer is 409 `SEARCH_NOT_CONFIGURED`. A viewer
    reads what others began.
    """
    search_results = results.read(who, goal_id, version, page.limit, page.position(who.client_id))
    shown = page.answer_counted(who.client_id, CountedPage(search_results.page.map(result_out), search_results.total))
    return results_out(search_results, shown.meta, shown.data)


@router.post(
    "/search/results/import",
    **operation(
        "search.results.import",
        scope=Scope.SEARCH_WRITE,
        request_example=examples.IMPORT,
        response_example=[examples.LEAD],
        meta={"skipped": []},
        errors=(401, 403, 404, 409),
    ),
)
async def import_results(body: ImportIn, who: Member, results: Results) -> ImportOut:
    """Make leads of results. A lead that has the address already keeps what it has; its empty fields are filled. The
    timeline says on which pages it was found. Repeating it changes nothing."""
    return import_out(list(results.bring_in(who, body.goal_id, body.result_ids)))
