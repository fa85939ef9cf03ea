"""Files that were made of reports: a list of all, and the operation that makes large ones."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from groundswell.access.model import ClientContext
from groundswell.kernel.clock import rfc3339
from groundswell.kernel.page import Page, Position
from groundswell.operations.model import Operation
from groundswell.reports.export_job import JOB, file_name, question_state, rows_of
from groundswell.reports.model import Report
from groundswell.reports.saved import Format

MOST_ROWS = 10_000
"""Of the series and the breakdown together, that a request answers with."""
KEPT = timedelta(days=7)
"""How long the bucket keeps a file."""
LARGE = (Format.JSON, Format.CSV)
"""Formats that a worker makes; the others are small, whatever the report."""


@dataclass(frozen=True)
class Export:
    """`report_id` is a saved report's or a kind's; `by` a user, a key or a share link. A large one's file is the
    operation's."""

    id: str
    client_id: str
    name: str
    format: Format
    rows: int
    by: str
    created_at: datetime
    report_id: str | None = None
    bytes: int | None = None
    operation_id: str | None = None
    version: int = 0


class ExportStore(Protocol):
    def add_export(self, export: Export) -> None: ...

    def exports(self, client_id: str, limit: int, position: Position | None) -> Page[Export]: ...


class Operations(Protocol):
    def start(
        self, who: ClientContext, job: str, state: Mapping[str, Any], operation_id: str | None = None
    ) -> Operation: ...


class Exports:
    """`link` signs the address of a file in the bucket, until then."""

    def __init__(
        self,
        store: ExportStore,
        operations: Operations,
        link: Callable[[str, str, datetime], str],
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._operations = operations
        self._link = link
        self._now = now
        self._new_id = new_id

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[Export]:
        """Newest first."""
        return self._store.exports(client_id, limit, position)

    def note(
        self, client_id: str, by: str, report: Report, wanted: Format, name: str, report_id: str | None, size: int
    ) -> None:
        """That a file was made."""
        made = Export(self._new_id(), client_id, name, wanted, rows_of(report), by, self._now(), report_id, size)
        self._store.add_export(made)

    def start(
        self,
        who: ClientContext,
        report: Report,
        wanted: Format,
        name: str,
        names: Mapping[str, str],
        more: Mapping[str, Any],
    ) -> Operation:
        """The report, asked anew by a worker. `more` is what its JSON says beside the figures."""
        its_id, now = self._new_id(), self._now()
        until = (now + KEPT).replace(microsecond=0)
        state = {
            "question": question_state(report.question),
            "compare": report.previous is not None,
            "format": wanted.value,
            "name": name,
            "names": dict(names),
            "more": dict(more),
            "url": self._link(who.client_id, file_name(who.client_id, its_id, wanted), until),
            "expires_at": rfc3339(until),
        }
        started = self._operations.start(who, JOB, state, its_id)
        rows, by = rows_of(report), who.actor_id
        made = Export(its_id, who.client_id, name, wanted, rows, by, now, more.get("id"), operation_id=its_id)
        self._store.add_export(made)
        return started
