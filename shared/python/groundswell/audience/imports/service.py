"""Starting imports: of a file that came with the request, or of one that was uploaded."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from groundswell.access.model import ClientContext
from groundswell.audience.imports import mapping
from groundswell.audience.imports.model import AUTO, JOB, ImportUnknown, UploadMissing
from groundswell.kernel.errors import PreconditionFailed
from groundswell.operations.model import Operation

UPLOAD_OPEN = timedelta(hours=1)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Files(Protocol):
    def put_source(self, client_id: str, import_id: str, data: bytes) -> None: ...

    def form(self, client_id: str, import_id: str, open_for: timedelta) -> tuple[str, Mapping[str, str]]: ...

    def has_arrived(self, client_id: str, import_id: str) -> bool: ...


class Operations(Protocol):
    def start(
        self, who: ClientContext, job: str, state: Mapping[str, Any], operation_id: str | None = None
    ) -> Operation:
        """Raises PreconditionFailed for an id that was started."""
        ...

    def get(self, client_id: str, operation_id: str) -> Operation: ...


@dataclass(frozen=True)
class Wanted:
    """`mapping` is `auto`, or fields by the titles of columns. `address` is where the API is reached."""

    mapping: str | Mapping[str, str | None] = AUTO
    dry_run: bool = False
    address: str = ""

    def check(self) -> None:
        """Raises Invalid."""
        if not isinstance(self.mapping, str):
            mapping.check(self.mapping)


@dataclass(frozen=True)
class Announced:
    id: str
    url: str
    fields: Mapping[str, str]
    expires_at: datetime


class ImportService:
    def __init__(
        self, files: Files, operations: Operations, now: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        self._files = files
        self._operations = operations
        self._now = now
        self._new_id = new_id

    def take(self, who: ClientContext, data: bytes, wanted: Wanted) -> Operation:
        """A file that is here. Raises Invalid for a mapping that is none."""
        wanted.check()
        import_id = self._new_id()
        self._files.put_source(who.client_id, import_id, data)
        return self._started(who, import_id, wanted, uploaded=False)

    def announce(self, who: ClientContext) -> Announced:
        """A file that is posted to S3 within an hour."""
        import_id = self._new_id()
        url, fields = self._files.form(who.client_id, import_id, UPLOAD_OPEN)
        return Announced(import_id, url, fields, self._now() + UPLOAD_OPEN)

    def start(self, who: ClientContext, import_id: str, wanted: Wanted) -> Operation:
        """Once its file is there; again, it is the same import. Raises ImportUnknown, UploadMissing, Invalid."""
        wanted.check()
        if not _UUID.fullmatch(import_id):
            raise ImportUnknown
        if not self._files.has_arrived(who.client_id, import_id):
            raise UploadMissing
        return self._started(who, import_id, wanted, uploaded=True)

    def _started(self, who: ClientContext, import_id: str, wanted: Wanted, *, uploaded: bool) -> Operation:
        state = {
            "mapping": wanted.mapping,
            "dry_run": wanted.dry_run,
            "address": wanted.address,
            "uploaded": uploaded,
        }
        try:
            return self._operations.start(who, JOB, state, import_id)
        except PreconditionFailed:
            return self._operations.get(who.client_id, import_id)
