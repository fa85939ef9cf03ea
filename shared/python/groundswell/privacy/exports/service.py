"""Asking for exports, and for links to their files."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from groundswell.access.model import ClientContext
from groundswell.audit.model import Entry
from groundswell.kernel.page import Page, Position
from groundswell.operations.model import Operation, OperationNotFound, Status
from groundswell.operations.service import OperationService
from groundswell.privacy.exports.model import JOB, LINK, bundle, erased


class Links(Protocol):
    def link(self, name: str, seconds: int, file_name: str) -> str:
        """To the object, for whoever has it, for that long; saved under that name."""
        ...


class Trail(Protocol):
    def add(self, entry: Entry) -> None: ...


class Download(NamedTuple):
    url: str
    expires_at: datetime


class ExportService:
    def __init__(self, operations: OperationService, links: Links, trail: Trail, now: Callable[[], datetime]) -> None:
        self._operations = operations
        self._links = links
        self._trail = trail
        self._now = now

    def start(self, who: ClientContext, subject: Mapping[str, str]) -> Operation:
        return self._operations.start(who, JOB, {"asked": dict(subject)})

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[Operation]:
        """Newest first."""
        return self._operations.page(client_id, JOB, limit, position)

    def get(self, who: ClientContext, export_id: str) -> tuple[Operation, Download | None]:
        """With a new link while its file is there; that it was given is noted first. Raises OperationNotFound."""
        export = self._operations.get(who.client_id, export_id)
        if export.job != JOB:
            raise OperationNotFound
        now = self._now()
        if export.status is not Status.SUCCEEDED or erased(export) or now >= available_until(export):
            return export, None
        self._trail.add(
            Entry(
                export.org_id, "export.link_issued", who.actor_id, f"operation:{export.id}", {"client": who.client_id}
            )
        )
        seconds = int(min(LINK, available_until(export) - now).total_seconds())
        url = self._links.link(bundle(export), max(1, seconds), f"export-{export.id}.zip")
        return export, Download(url, now + timedelta(seconds=seconds))


def available_until(export: Operation) -> datetime:
    """Of one that succeeded."""
    return datetime.fromisoformat(str((export.result or {})["available_until"]))
