"""The endpoints of reports: the three kinds, custom and saved ones, and the overview."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import Path, Query, Response
from starlette.responses import RedirectResponse

from functions.reports import examples
from functions.reports.answers import answered, made, or_later
from functions.reports.overview import OverviewOut, overview_out
from functions.reports.schemas import (
    CustomIn,
    ExportOut,
    MetricOut,
    ReportOut,
    ReportUpdate,
    RunOut,
    SavedOut,
    report_out,
    saved_out,
)
from functions.reports.shares import ShareIn, ShareOut, share_out
from functions.reports.wiring import Making, Reports
from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.model import Granularity
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import Catalogue, NewestFirst, OldestFirst
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Admin, Editor, Member, Viewer
from groundswell.http.range import QueryRange
from groundswell.http.ratelimit import HOUR
from groundswell.http.timestamps import milliseconds
from groundswell.kernel.clock import utc_now
from groundswell.kernel.errors import Invalid
from groundswell.links.adapter_wiring import links
from groundswell.reports.adapter_wiring import PURPOSE, file_at, share_url
from groundswell.reports.catalogue import METRICS
from groundswell.reports.model import Kind, Question
from groundswell.reports.saved import Format
from groundswell.tenancy.clients.model import Scope

router = create_router("Reports")
_READ: dict[str, Any] = {"scope": Scope.REPORTS_READ, "errors": (401, 403, 404)}
_WRITE: dict[str, Any] = {"scope": Scope.REPORTS_WRITE, "errors": (401, 403, 404)}
_DAY = 24 * HOUR
_OWN_NAMES = {"ad_revenue": "revenue"}
"""What is said of ads alone needs not say so."""
Wanted = Annotated[Format, Query(alias="format", description="A file: `csv`, `xlsx`, `pdf`; a picture: `svg`, `png`")]
Token = Annotated[str, Path(max_length=1000)]
Compare = Annotated[Literal["previous"] | None, Query(description="Also the period before, as long")]


def _of_kind(kind: Kind, text: str) -> None:
    """The operation of a kind."""

    async def run(
        who: Viewer,
        reports: Reports,
        exports: Making,
        when: QueryRange,
        granularity: Granularity = Granularity.DAY,
        compare: Compare = None,
        dimension: Annotated[str | None, Query(max_length=300, description="What the breakdown is by")] = None,
        wanted: Wanted = Format.JSON,
    ) -> Any:
        calendar = Calendar(granularity, when.timezone)
        window = calendar.recent(milliseconds(utc_now()), when.start, when.end)
        question = Question.about(kind, window, granularity, when.timezone, dimension)
        if wanted is Format.CSV and dimension is None:
            question = replace(question, dimensions=())
        report = reports.ask(who.client_id, question, compare=bool(compare))
        names = _OWN_NAMES if kind is Kind.PERFORMANCE else None
        return answered(who, exports, report, wanted, kind.value, names)

    endpoint: Callable[..., Awaitable[Any]] = run
    endpoint.__doc__ = text
    router.get(
        f"/reports/{kind}",
        response_model=Envelope[ReportOut],
        **or_later(operation(f"reports.{kind}", response_example=examples.OF_KIND[kind], **_READ)),
    )(endpoint)


_of_kind(
    Kind.GROWTH,
    "Events, revenue by currency, active and new people, from the event log; the breakdown is by `name`, or by a field "
    "of events (`properties.plan`). Without a range: the last 30 days, 12 weeks or 12 months.",
)
_of_kind(
    Kind.PERFORMANCE,
    "What ads cost and brought on all platforms, with the rates that follow, and what became of the campaigns that "
    "started in the range; the breakdown is by `campaign_id`, or by `platform`, `account_id`, `campaign`, `currency`. "
    "Days are those of the ad accounts.",
)
_of_kind(
    Kind.LEADS,
    "Leads that were made in the range, and the stage that each is in by now; the breakdown is by `source`, or by "
    "`status`, `owner_id`, `grade`, `company`.",
)


@router.get("/reports/exports", **operation("report_exports.list", response_example=[examples.EXPORT], **_READ))
async def list_exports(who: Viewer, page: NewestFirst, exports: Making) -> Listed[ExportOut]:
    """All files that were made of reports, newest first: by whom, of what, and how large. Kept for 400 days."""
    export_page = exports.page(who.client_id, page.limit, page.position(who.client_id))
    return page.answer(who.client_id, export_page.map(ExportOut.model_validate))


@router.get("/reports/metrics", **operation("reports.metrics", response_example=[examples.METRIC], **_READ))
async def list_metrics(who: Viewer, page: Catalogue, reports: Reports) -> Listed[MetricOut]:
    """Everything that reports know to say."""
    shown = [
        MetricOut(
            name=metric.name,
            origin=metric.origin,
            unit=metric.unit,
            definition=metric.definition,
            dimensions=reports.dimensions(metric.origin),
        )
        for metric in METRICS.values()
    ]
    return page.answer_in_order(who.client_id, shown)


@router.post(
    "/reports/custom",
    response_model=Envelope[ReportOut],
    **or_later(
        operation("reports.create", request_example=examples.CUSTOM, response_example=examples.CUSTOM_REPORT, **_WRITE)
    ),
)
async def create_report(body: CustomIn, who: Member, reports: Reports, exports: Making) -> Any:
    """Any metrics by up to two dimensions. With `save` it is kept under its `id`, and found at `GET /reports/{id}`.
    With more than 10,000 rows a worker makes a file (202): the operation's `result` has a link, good for 7 days."""
    definition = body.definition(who.timezone)
    report = reports.ask(who.client_id, definition.question(utc_now()))
    saved = reports.save(who, body.name, definition) if body.save else None
    return answered(who, exports, report, Format.JSON, "report", id=saved.id if saved else None, name=body.name)


@router.get(
    "/analytics/overview",
    **operation("analytics.overview", limit=(100, HOUR, "user"), response_example=examples.OVERVIEW, **_READ),
)
async def get_overview(who: Viewer, reports: Reports, when: QueryRange) -> Envelope[OverviewOut]:
    """The figures that matter beside those of the period before, and what stands out in them: what moved, what moved
    it, and days that are not like such weekdays are. Without a range: the last 30 days."""
    calendar = Calendar(Granularity.DAY, when.timezone)
    window = calendar.recent(milliseconds(utc_now()), when.start, when.end)
    report, kpis, insights = reports.overview(who.client_id, window, when.timezone)
    return ok(overview_out(report, kpis, insights, who.client_id))


@router.get(
    "/analytics/reports",
    **operation("reports.list", limit=(50, _DAY, "user"), response_example=[examples.SAVED], **_READ),
)
async def list_reports(who: Viewer, page: OldestFirst, reports: Reports) -> Listed[SavedOut]:
    """Saved reports, oldest first, each with the newest runs of its schedules."""
    report_page = reports.page(who.client_id, page.limit, page.position(who.client_id))
    runs = reports.runs_of(who.client_id, report_page.items)
    return page.answer(who.client_id, report_page.map(lambda report: saved_out(report, runs.get(report.id, ()))))


@router.get(
    "/reports/shared/{token}",
    response_model=Envelope[ReportOut],
    **operation("reports.shared", response_example=examples.CUSTOM_REPORT, errors=(404, 410)),
)
async def get_shared(token: Token, reports: Reports, exports: Making, wanted: Wanted = Format.JSON) -> Any:
    """What a share link leads to, for whoever has it; a large report's file (302)."""
    link = links().open(PURPOSE, token)
    if "file" in link.claims:
        return RedirectResponse(file_at(str(link.claims["file"])), 302, {"cache-control": "private, no-store"})
    report_id, share_id = str(link.claims["report"]), str(link.claims["share"])
    name, report = reports.shared(link.client_id, report_id, share_id)
    if wanted is Format.JSON:
        return ok(report_out(report, name=name))
    return made(exports, link.client_id, f"share:{share_id}", report, wanted, "report", report_id)


@router.get("/reports/{report_id}", **operation("reports.get", response_example=examples.SAVED, **_READ))
async def get_report(report_id: str, who: Viewer, response: Response, reports: Reports) -> Envelope[SavedOut]:
    """A saved report's question, with the newest runs of its schedules."""
    saved_report = reports.get(who.client_id, report_id)
    tag(response, saved_report.version)
    return ok(saved_out(saved_report, reports.runs_of(who.client_id, [saved_report]).get(saved_report.id, ())))


@router.get(
    "/reports/{report_id}/data",
    response_model=Envelope[ReportOut],
    **or_later(operation("reports.data", response_example=examples.CUSTOM_REPORT, **_READ)),
)
async def get_data(
    report_id: str,
    who: Viewer,
    reports: Reports,
    exports: Making,
    compare: Compare = None,
    wanted: Wanted = Format.JSON,
) -> Any:
    """A saved report's answer, as of now. With more than 10,000 rows a worker makes the file (202)."""
    name, definition = reports.definition(who.client_id, report_id, who.timezone)
    report = reports.ask(who.client_id, definition.question(utc_now()), compare=bool(compare))
    return answered(who, exports, report, wanted, "report", id=report_id, name=name)


@router.get("/reports/{report_id}/runs", **operation("reports.runs", response_example=[examples.RUN], **_READ))
async def list_report_runs(report_id: str, who: Viewer, page: NewestFirst, reports: Reports) -> Listed[RunOut]:
    """What became of the due times of all its schedules, newest first: the newest hundred of each."""
    reports.definition(who.client_id, report_id, who.timezone)
    runs = reports.all_runs(who.client_id, report_id, page.limit, page.position(who.client_id))
    return page.answer(who.client_id, runs.map(RunOut.model_validate))


@router.update(
    "/reports/{report_id}",
    **operation(
        "reports.update",
        scope=Scope.REPORTS_WRITE,
        request_example=examples.UPDATE,
        response_example=examples.UPDATED,
        errors=(401, 403, 404, 412),
    ),
)
async def update_report(
    report_id: str, body: ReportUpdate, who: Member, expected: IfMatch, response: Response, reports: Reports
) -> Envelope[SavedOut]:
    """Change what is sent and keep the rest."""
    changed = reports.update(who, report_id, body.values(), expected)
    tag(response, changed.version)
    return ok(saved_out(changed, reports.runs_of(who.client_id, [changed]).get(changed.id, ())))


@router.delete(
    "/reports/{report_id}",
    **operation("reports.delete", scope=Scope.REPORTS_WRITE, response_example={}, errors=(401, 403, 404, 409, 412)),
)
async def delete_report(report_id: str, who: Editor, expected: IfMatch, reports: Reports) -> Envelope[Empty]:
    """With its share links; 409 `IN_USE` while a schedule sends it."""
    reports.delete(who, report_id, expected)
    return ok(Empty())


@router.post(
    "/reports/{report_id}/share-links",
    **operation(
        "report_shares.create",
        limit=(100, HOUR, "user"),
        request_example=examples.SHARE,
        response_example=examples.SHARED,
        status=201,
        location="/reports/{report_id}/share-links/{id}",
        **_WRITE,
    ),
)
async def share_report(
    report_id: str, who: Editor, reports: Reports, body: ShareIn | None = None
) -> Envelope[ShareOut]:
    """A link that shows the report to whoever has it, until it expires or is revoked."""
    expires_at = body.expires_at if body else None
    if expires_at is not None and expires_at <= utc_now():
        raise Invalid.on("expires_at", "must be in the future")
    share = reports.share(who, report_id, expires_at)
    return created(share_out(share, share_url(share)))


@router.get(
    "/reports/{report_id}/share-links",
    **operation("report_shares.list", response_example=[examples.SHARED], **_READ),
)
async def list_shares(report_id: str, who: Editor, page: OldestFirst, reports: Reports) -> Listed[ShareOut]:
    """Those that were not revoked."""
    reports.definition(who.client_id, report_id, who.timezone)
    return page.answer_whole(
        who.client_id, [share_out(share, share_url(share)) for share in reports.shares(who.client_id, report_id)]
    )


@router.get(
    "/reports/{report_id}/share-links/{share_id}",
    **operation("report_shares.get", response_example=examples.SHARED, **_READ),
)
async def get_share(report_id: str, share_id: str, who: Editor, reports: Reports) -> Envelope[ShareOut]:
    """One link that was not revoked."""
    share = reports.share_link(who.client_id, report_id, share_id)
    return ok(share_out(share, share_url(share)))


@router.delete(
    "/reports/{report_id}/share-links/{share_id}",
    **operation("report_shares.delete", response_example={}, **_WRITE),
)
async def revoke_share(report_id: str, share_id: str, who: Admin, reports: Reports) -> Envelope[Empty]:
    """The link leads nowhere any more."""
    reports.revoke(who, report_id, share_id)
    return ok(Empty())
