"""Reports as answers: at once, as a file, or as an operation where there is too much for a request."""

from collections.abc import Mapping
from typing import Any

from fastapi import Response

from functions.reports.examples import STARTED
from functions.reports.files import FORMATS
from functions.reports.schemas import ReportOut, report_out
from functions.reports.wiring import Making
from groundswell.access.model import ClientContext
from groundswell.http.envelope import Envelope, ok
from groundswell.http.location import described, filled
from groundswell.http.progress import OperationOut, operation_out
from groundswell.operations.model import Operation
from groundswell.reports.export_job import rows_of
from groundswell.reports.exports import LARGE, MOST_ROWS
from groundswell.reports.model import Report
from groundswell.reports.saved import Format

_PLACE = "/operations/{id}"


def or_later(declared: dict[str, Any]) -> dict[str, Any]:
    """With what is answered instead where there are more rows than a request answers with."""
    described_as = f"More than {MOST_ROWS:,} rows: a worker makes a file, and `Location` says what becomes of it"
    declared["responses"][202] = {"description": described_as, "model": Envelope[OperationOut]}
    example = {"status_code": 202, "message": "Accepted", "data": STARTED}
    content = {"application/json": {"example": example}}
    declared["openapi_extra"]["responses"]["202"] = {"content": content, "headers": described(_PLACE)}
    return declared


def answered(
    who: ClientContext,
    exports: Making,
    report: Report,
    wanted: Format,
    title: str,
    names: Mapping[str, str] | None = None,
    **more: Any,
) -> Envelope[ReportOut] | Response:
    """What anybody gets is noted, but for what is looked at."""
    if rows_of(report) > MOST_ROWS and wanted in LARGE:
        return _later(exports.start(who, report, wanted, title, names or {}, more))
    if wanted is Format.JSON:
        return ok(report_out(report, names, **more))
    return made(exports, who.client_id, who.actor_id, report, wanted, title, more.get("id"))


def made(
    exports: Making, client_id: str, by: str, report: Report, wanted: Format, title: str, report_id: str | None
) -> Response:
    """A file, which is noted."""
    answer = FORMATS[wanted](report, title)
    exports.note(client_id, by, report, wanted, title, report_id, len(answer.body))
    return answer


def _later(started: Operation) -> Response:
    shown = operation_out(started)
    body = Envelope[OperationOut](status_code=202, message="Accepted", data=shown).model_dump_json(by_alias=True)
    return Response(body, 202, {"location": filled(_PLACE, {"id": started.id})}, "application/json")
