"""The part of an erasure that is about the archive: some objects a step, counted before they are rewritten."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from groundswell.operations.model import Operation
from groundswell.privacy.targets import Target

_PAUSE = timedelta(minutes=1)


class Portion(Protocol):
    """See `archiver.erasure.Portion`."""

    @property
    def end(self) -> str: ...
    @property
    def objects(self) -> int: ...
    @property
    def concerned(self) -> Sequence[str]: ...
    @property
    def erased(self) -> int: ...
    @property
    def unlinked(self) -> int: ...
    @property
    def illegible(self) -> int: ...


class Archive(Protocol):
    def busy(self, client_id: str) -> bool:
        """Whether something is being archived that may have been read before the erasure."""
        ...

    def survey(self, client_id: str, target: Target, after: str) -> Portion | None:
        """The next objects after that name, as they are. None if there are no more."""
        ...

    def clean(self, name: str, target: Target) -> bool:
        """Whether it was looked at afterwards and is clean."""
        ...


class ArchiveSteps:
    def __init__(self, archive: Archive, now: Callable[[], datetime]) -> None:
        self._archive = archive
        self._now = now

    def step(self, operation: Operation, target: Target, then: str) -> Operation:
        """Rewrite what was planned; else plan what comes next. `then` is the step after the last object."""
        done: Mapping[str, Any] = operation.state.get("archive") or {}
        if done.get("plan"):
            return self._rewritten(operation, target, done)
        if self._archive.busy(operation.client_id):
            return operation.at(85).resting(self._now() + _PAUSE)
        found = self._archive.survey(operation.client_id, target, done.get("after", ""))
        if found is None:
            return operation.at(95, step=then)
        counts = {
            "objects": found.objects,
            "rewritten": len(found.concerned),
            "events_erased": found.erased,
            "events_unlinked": found.unlinked,
            "illegible": found.illegible,
        }
        if not found.concerned:
            return operation.at(85, archive=_further(done, found.end, counts))
        plan = {"end": found.end, "names": list(found.concerned), "counts": counts}
        return operation.at(85, archive={**done, "plan": plan})

    def _rewritten(self, operation: Operation, target: Target, done: Mapping[str, Any]) -> Operation:
        plan = done["plan"]
        clean = sum([self._archive.clean(name, target) for name in plan["names"]])
        return operation.at(90, archive=_further(done, plan["end"], {**plan["counts"], "found_clean": clean}))


def _further(done: Mapping[str, Any], end: str, more: Mapping[str, int]) -> dict[str, Any]:
    totals = dict(done.get("totals", {}))
    for name, number in more.items():
        totals[name] = totals.get(name, 0) + number
    return {"after": end, "totals": totals}


def certified(operation: Operation) -> dict[str, Any]:
    """What the certificate says of the archive. It is `clean` only if every object that was rewritten was found clean
    when it was read again, and everything in it could be read."""
    totals = (operation.state.get("archive") or {}).get("totals", {})
    counts = {
        name: totals.get(name, 0)
        for name in ("objects", "rewritten", "found_clean", "events_erased", "events_unlinked", "illegible")
    }
    clean = counts["found_clean"] == counts["rewritten"] and not counts["illegible"]
    return {"outcome": "clean" if clean else "incomplete", **counts}
