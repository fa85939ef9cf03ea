"""The endpoints of dashboards."""

from typing import Any

from fastapi import Response

from functions.analytics.dashboards import examples
from functions.analytics.dashboards.asking import answers_of
from functions.analytics.dashboards.schemas import (
    DashboardAnswersOut,
    DashboardCreate,
    DashboardOut,
    DashboardUpdate,
)
from functions.analytics.exact import ExactResponse, ExactRoute
from functions.analytics.jobs.routes import Operations
from functions.analytics.parameters import enveloped
from functions.analytics.saved.asking import Asking
from functions.analytics.saved.schemas import AskIn
from functions.analytics.saved.wiring import Boards, Saved
from functions.analytics.sql.routes import Sql
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import OldestFirst
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Editor, Member, Viewer
from groundswell.http.ratelimit import MINUTE
from groundswell.tenancy.clients.model import Scope

router = create_router("Product analytics", ExactRoute)
_READ: dict[str, Any] = {"scope": Scope.ANALYTICS_READ, "errors": (401, 403, 404)}
_CHANGE: dict[str, Any] = {"scope": Scope.ANALYTICS_WRITE, "errors": (401, 403, 404, 412)}


@router.get("/analytics/dashboards", **operation("dashboards.list", response_example=[examples.DASHBOARD], **_READ))
async def list_dashboards(who: Viewer, page: OldestFirst, boards: Boards) -> Listed[DashboardOut]:
    """Dashboards of saved questions, oldest first."""
    listed = boards.page(who.client_id, page.limit, page.position(who.client_id))
    return page.answer(who.client_id, listed.map(DashboardOut.model_validate))


@router.post(
    "/analytics/dashboards",
    **operation(
        "dashboards.create",
        scope=Scope.ANALYTICS_WRITE,
        request_example=examples.CREATE,
        response_example=examples.MADE,
        status=201,
        location="/analytics/dashboards/{id}",
        errors=(401, 403, 404, 409),
    ),
)
async def create_dashboard(
    body: DashboardCreate, who: Member, boards: Boards, response: Response
) -> Envelope[DashboardOut]:
    """Put saved questions side by side, for everybody who reads the client's analytics."""
    made = boards.make(who, body.values())
    tag(response, made.version)
    return created(DashboardOut.model_validate(made))


@router.get(
    "/analytics/dashboards/{dashboard_id}",
    **operation("dashboards.get", response_example=examples.DASHBOARD, **_READ),
)
async def get_dashboard(dashboard_id: str, who: Viewer, boards: Boards, response: Response) -> Envelope[DashboardOut]:
    """One dashboard, without answers. The version is the ETag."""
    present = boards.get(who.client_id, dashboard_id)
    tag(response, present.version)
    return ok(DashboardOut.model_validate(present))


@router.update(
    "/analytics/dashboards/{dashboard_id}",
    **operation("dashboards.update", request_example=examples.UPDATE, response_example=examples.UPDATED, **_CHANGE),
)
async def update_dashboard(
    dashboard_id: str, body: DashboardUpdate, who: Member, expected: IfMatch, boards: Boards, response: Response
) -> Envelope[DashboardOut]:
    """Change what is sent and keep the rest."""
    changed = boards.change(who, dashboard_id, body.values(), expected)
    tag(response, changed.version)
    return ok(DashboardOut.model_validate(changed))


@router.delete("/analytics/dashboards/{dashboard_id}", **operation("dashboards.delete", response_example={}, **_CHANGE))
async def delete_dashboard(dashboard_id: str, who: Editor, expected: IfMatch, boards: Boards) -> Envelope[Empty]:
    """The questions stay."""
    boards.delete(who, dashboard_id, expected)
    return ok(Empty())


@router.post(
    "/analytics/dashboards/{dashboard_id}/ask",
    response_model=Envelope[DashboardAnswersOut],
    **operation(
        "dashboards.ask",
        limit=(60, MINUTE, "user"),
        request_example=examples.ASKED,
        response_example=examples.ANSWERS,
        **_READ,
    ),
)
async def ask_dashboard(
    dashboard_id: str,
    who: Viewer,
    boards: Boards,
    saved: Saved,
    engine: Sql,
    operations: Operations,
    body: AskIn | None = None,
) -> Response:
    """Ask all its questions again, as of now; over another range for this once, where the body names one. Each tile
    says what became of it: one that fails, or waits for a worker, holds up no other.

    An API key needs `people:read` for tiles that show persons.
    """
    dashboard = boards.get(who.client_id, dashboard_id)
    questions = saved.of(who.client_id, dashboard.tiles)
    asking = Asking(engine, operations)
    tiles = list(answers_of(asking, who, dashboard, questions, body.moved() if body else {}))
    data = {"id": dashboard.id, "name": dashboard.name, "tiles": tiles}
    return ExactResponse(enveloped(200, "Success", data))
