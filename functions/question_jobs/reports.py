"""Files of large reports: imported when there is one to make, so that questions do not pay for it."""

from collections.abc import Mapping
from typing import Any, Protocol

from groundswell.operations.model import Operation
from groundswell.operations.service import Job

REPORT = "report"


class Objects(Protocol):
    def put(self, name: str, data: bytes) -> None: ...


class LateReport:
    def __init__(self, kept: Objects) -> None:
        self._kept = kept
        self._made: Job | None = None

    def step(self, operation: Operation) -> Operation:
        return self._job().step(operation)

    def outcome(self, operation: Operation) -> Mapping[str, str]:
        return self._job().outcome(operation)

    def _job(self) -> Job:
        if self._made is None:
            from groundswell.reports.adapter_wiring import report_service
            from groundswell.reports.export_job import ReportJob

            self._made = ReportJob(report_service().ask, _rendered, self._kept)
        return self._made


def _rendered(report: Any, state: Mapping[str, Any]) -> bytes:
    import msgspec

    from groundswell.reports.documents import document
    from groundswell.reports.tables import csv_text, tables

    if state["format"] == "csv":
        return csv_text(tables(report)[-1]).encode()
    return msgspec.json.encode(document(report, state["names"]) | state["more"])
