"""Wire shapes of results."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from functions.search.schemas import CostOut, cost_out
from groundswell.http.envelope import CountedMeta, PageMeta
from groundswell.http.schema import In, Out, Time
from groundswell.leads.model import Status
from groundswell.search.candidates import FIELDS, Source
from groundswell.search.model import RunStatus
from groundswell.search.results import FoundResults, Imported
from groundswell.search.runs import Result
from groundswell.validation.model import Verdict

Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class SourceOut(Out):
    """`fields` are those that the page says."""

    url: str
    retrieved_at: str
    fields: list[str]


class ResultOut(Out):
    """`confidence` is 0 to 1 for each field that is known; `points` is what `rank` follows from, 0 to 1.
    `known_lead_id`: a lead had the address, or the number, when the search ended; `email_verdict` is whether it can be
    reached, as `POST /search/validate` says it."""

    id: str
    rank: int
    points: float
    name: str | None
    title: str | None
    company: str | None
    website: str | None
    email: str | None
    phone: str | None
    location: str | None
    confidence: dict[str, float]
    why: str
    sources: list[SourceOut]
    known_lead_id: str | None
    email_verdict: Verdict | None


class ResultsMeta(CountedMeta):
    """`stopped` is what ended the search before all was read: `searches` or `tokens` (the goal's budget) or
    `search_engine`. `read_by` says whether the model, or rules, read the pages. `cost` is the goal's, so far."""

    status: RunStatus
    strategy_version: int
    operation_id: str
    progress: int
    stopped: str | None
    read_by: list[str]
    error: str | None
    cost: CostOut


class ResultsOut(BaseModel):
    model_config = ConfigDict(defer_build=True)

    status_code: int = 200
    message: str = "Success"
    data: list[ResultOut]
    meta: ResultsMeta


class ImportIn(In):
    goal_id: Id
    result_ids: Annotated[tuple[Id, ...], Field(min_length=1, max_length=100)]
    client_id: str | None = None


class ImportedLeadOut(Out):
    """The lead that a result became, or was; `sources` are where it was found."""

    id: str
    result_id: str
    email: str | None
    phone: str | None
    first_name: str | None
    last_name: str | None
    company: str | None
    title: str | None
    website: str | None
    source: str | None
    status: Status
    sources: list[SourceOut]
    created_at: Time
    updated_at: Time
    version: int


class SkippedOut(Out):
    result_id: str
    reason: str


class ImportMeta(PageMeta):
    """`skipped`: who is not to be contacted, or not to be collected."""

    skipped: list[SkippedOut]


class ImportOut(BaseModel):
    model_config = ConfigDict(defer_build=True)

    status_code: int = 200
    message: str = "Success"
    data: list[ImportedLeadOut]
    meta: ImportMeta


def results_out(search_results: FoundResults, paged: CountedMeta, shown: list[ResultOut]) -> ResultsOut:
    names = ("status", "strategy_version", "operation_id", "progress", "stopped", "error")
    attributes = {name: getattr(search_results, name) for name in names}
    meta = ResultsMeta(
        **dict(paged), **attributes, read_by=list(search_results.read_by), cost=cost_out(search_results.cost)
    )
    return ResultsOut(data=shown, meta=meta)


def result_out(result: Result) -> ResultOut:
    facts = result.candidate.facts
    return ResultOut(
        **{name: result.candidate.value(name) for name in FIELDS},
        **{name: getattr(result, name) for name in ("id", "rank", "points", "why", "known_lead_id", "email_verdict")},
        confidence={name: fact.confidence for name, fact in facts.items()},
        sources=_sources(result.candidate.sources),
    )


def import_out(imported: list[Imported]) -> ImportOut:
    leads = [_lead(record) for record in imported if record.lead]
    skipped = [
        SkippedOut(result_id=record.result.id, reason="do_not_contact") for record in imported if not record.lead
    ]
    return ImportOut(
        data=leads, meta=ImportMeta(next_cursor=None, has_more=False, limit=len(imported), skipped=skipped)
    )


def _lead(imported: Imported) -> ImportedLeadOut:
    lead: Any = imported.lead
    own = {name: getattr(lead, name) for name in ImportedLeadOut.model_fields if hasattr(lead, name)}
    return ImportedLeadOut(**own, result_id=imported.result.id, sources=_sources(imported.result.candidate.sources))


def _sources(sources: tuple[Source, ...]) -> list[SourceOut]:
    return [
        SourceOut(url=source.url, retrieved_at=source.retrieved_at, fields=list(source.fields)) for source in sources
    ]
