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
        return any(not each.over and not each.stalled for each in self._recent(client_id))

    def survey(self, client_id: str, target: Target, after: str) -> Portion | None:
        """Of an erased time, every export is concerned: nobody knows of when its events are."""
        if after:
            return None
        exports = [each for each in self._recent(client_id) if not erased(each)]
        concerned = [each for each in exports if _concerned(each, target)]
        events = sum(int((each.result or {}).get("events", 0)) for each in concerned)
        return Portion("~", len(exports), tuple(f"{client_id}/{each.id}" for each in concerned), events)

    def clean(self, name: str, target: Target) -> bool:  # noqa: ARG002 - the port's
        client_id, _, operation_id = name.partition("/")
        self.files.delete(list(self.files.names(folder(client_id, operation_id))))
        found = self._exports.find(client_id, operation_id)
        if found is not None and found.result is not None and not erased(found):
            self._mark(found)
        return not list(self.files.names(folder(client_id, operation_id)))

    def _mark(self, found: Operation) -> None:
        result = {**(found.result or {}), "erased_at": self._now().isoformat()}
        self._exports.save(replace(found, result=result), None)

    def _recent(self, client_id: str) -> Sequence[Operation]:
        """Those whose files may still be there: the bucket deletes once a day."""
        oldest = self._now() - 2 * KEPT
        return [each for each in self._exports.since(client_id, oldest) if each.job == JOB]


def _concerned(export: Operation, target: Target) -> bool:
    if not isinstance(target, Somebody):
        return True
    named = {
        *(Identifier(IdKind.USER, each) for each in target.users),
        *(Identifier(IdKind.ANONYMOUS, each) for each in target.anonymous),
        *(Identifier(IdKind.WALLET, each) for each in target.wallets),
    }
    digests = {*(export.result or {}).get("digests", ()), *export.state.get("digests", ())}
    return not digests.isdisjoint(each.digest(export.client_id).hex() for each in named)
