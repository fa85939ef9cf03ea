"""The export as an operation: leads page by page into parts, and the parts into one file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from groundswell.audience.exports.records import members, record
from groundswell.kernel.page import CountedPage, Position
from groundswell.leads.model import Filter, Lead, Order
from groundswell.operations.model import Operation

JOB = "lead_export"
_PAGE = 500
_TIMES = ("created_from", "created_to")


class Leads(Protocol):
    def page(
        self, client_id: str, wanted: Filter, order: Order | None, limit: int, position: Position | None
    ) -> CountedPage[Lead]: ...


class Files(Protocol):
    def put_part(self, operation: Operation, number: int, records: Sequence[Mapping[str, Any]]) -> None: ...

    def parts(self, operation: Operation) -> Iterator[Mapping[str, Any]]:
        """All records, in their order."""

    def put_file(self, operation: Operation, kind: str, records: Iterator[Mapping[str, Any]], more: list[str]) -> int:
        """How many bytes it has."""

    def clean(self, operation: Operation) -> None:
        """All but the file."""


class Links(Protocol):
    def link(self, operation: Operation, name: str, file_name: str) -> tuple[str, datetime]: ...


class ExportJob:
    def __init__(self, leads: Leads, files: Files, links: Links, format_time: Callable[[datetime], str]) -> None:
        self._leads = leads
        self._files = files
        self._links = links
        self._format_time = format_time

    def step(self, operation: Operation) -> Operation:
        state = operation.state
        if state.get("bytes") is not None:
            return self._finish(operation)
        if state.get("complete"):
            return self._pack(operation)
        lead_page = self._leads.page(
            operation.client_id, wanted(state["filter"]), Order(descending=False), _PAGE, state.get("position")
        )
        records = [record(lead) for lead in lead_page.page.items]
        part = int(state.get("part", 0))
        self._files.put_part(operation, part, records)
        rows = int(state.get("rows", 0)) + len(records)
        more = sorted({*state.get("more", ()), *(name for record in records for name in members(record))})
        position = dict(lead_page.page.next) if lead_page.page.next else None
        reached = 5 + 80 * rows // max(lead_page.total or 2 * rows, 1)
        return operation.at(
            min(85, reached), part=part + 1, rows=rows, more=more, position=position, complete=position is None
        )

    def outcome(self, operation: Operation) -> Mapping[str, str]:
        return {"rows": str((operation.result or {}).get("rows", 0))}

    def _pack(self, operation: Operation) -> Operation:
        state = operation.state
        size = self._files.put_file(operation, state["format"], self._files.parts(operation), list(state["more"]))
        return operation.at(95, bytes=size)

    def _finish(self, operation: Operation) -> Operation:
        state, name = operation.state, f"leads.{operation.state['format']}"
        self._files.clean(operation)
        url, until = self._links.link(operation, name, name)
        return operation.succeeded(
            {
                "rows": state["rows"],
                "format": state["format"],
                "bytes": state["bytes"],
                "url": url,
                "expires_at": self._format_time(until),
            }
        )


def filter_state(lead_filter: Filter) -> dict[str, Any]:
    """A filter as an operation keeps it."""
    state: dict[str, Any] = {
        name: list(value) if isinstance(value, tuple) else value for name, value in vars(lead_filter).items()
    }
    return state | {name: state[name].isoformat() for name in _TIMES if state[name]}


def wanted(state: Mapping[str, Any]) -> Filter:
    """What `filter_state` kept."""
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in state.items()}
    return Filter(**values | {name: datetime.fromisoformat(values[name]) for name in _TIMES if values.get(name)})
