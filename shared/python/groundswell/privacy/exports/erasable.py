"""Exports as an erasure sees them: what names somebody who is erased is deleted. See `events.erasure.erasable`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from groundswell.audit.model import Entry
from groundswell.events.erasure.erasable import Portion
from groundswell.events.erasure.targets import Somebody, Target
from groundswell.operations.model import Operation
from groundswell.personal_data.identifiers import Identifier, IdKind
from groundswell.privacy.exports.model import JOB, KEPT, erased, folder
from groundswell.privacy.exports.port import Files


class Exports(Protocol):
    def since(self, client_id: str, time: datetime) -> Iterator[Operation]:
        """Operations started since then."""
        ...

    def find(self, client_id: str, operation_id: str) -> Operation | None: ...

    def save(self, operation: Operation, entry: Entry | None) -> Operation: ...


class ErasableExports:
    """An export's name is `<client>/<operation>`."""

    certified_as = "exports"

    def __init__(self, exports: Exports, files: Files, now: Callable[[], datetime]) -> None:
        self._exports = exports
        self.files = files
        self._now = now

    def busy(self, client_id: str) -> bool:
        """One that runs may have read what is erased."""
        return any(not export.over and not export.stalled for export in self._recent(client_id))

    def survey(self, client_id: str, target: Target, after: str) -> Portion | None:
        """Of an erased time, every export is concerned: nobody knows of when its events are."""
        if after:
            return None
        exports = [export for export in self._recent(client_id) if not erased(export)]
        concerned = [export for export in exports if _concerned(export, target)]
        events = sum(int((export.result or {}).get("events", 0)) for export in concerned)
        return Portion("~", len(exports), tuple(f"{client_id}/{export.id}" for export in concerned), events)

    def clean(self, name: str, target: Target) -> bool:  # noqa: ARG002 - the port's
        client_id, _, operation_id = name.partition("/")
        self.files.delete(list(self.files.names(folder(client_id, operation_id))))
        operation = self._exports.find(client_id, operation_id)
        if operation is not None and operation.result is not None and not erased(operation):
            self._mark(operation)
        return not list(self.files.names(folder(client_id, operation_id)))

    def _mark(self, operation: Operation) -> None:
        result = {**(operation.result or {}), "erased_at": self._now().isoformat()}
        self._exports.save(replace(operation, result=result), None)

    def _recent(self, client_id: str) -> Sequence[Operation]:
        """Those whose files may still be there: the bucket deletes once a day."""
        oldest = self._now() - 2 * KEPT
        return [export for export in self._exports.since(client_id, oldest) if export.job == JOB]


def _concerned(export: Operation, target: Target) -> bool:
    if not isinstance(target, Somebody):
        return True
    named = {
        *(Identifier(IdKind.USER, user) for user in target.users),
        *(Identifier(IdKind.ANONYMOUS, anonymous_id) for anonymous_id in target.anonymous),
        *(Identifier(IdKind.WALLET, wallet) for wallet in target.wallets),
    }
    digests = {*(export.result or {}).get("digests", ()), *export.state.get("digests", ())}
    return not digests.isdisjoint(identifier.digest(export.client_id).hex() for identifier in named)
