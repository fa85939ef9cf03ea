"""The part of an erasure that is about what lies in stores: the archive's objects, rejected events by batch. Some a
step, counted before they are rewritten, so that the counts are the same wherever a worker died."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Protocol, runtime_checkable

from groundswell.events.erasure.targets import Target
from groundswell.operations.model import Operation

_PAUSE = timedelta(minutes=1)
_COUNTS = ("objects", "rewritten", "found_clean", "events_erased", "events_unlinked", "illegible")


@dataclass(frozen=True)
class Portion:
    """The next objects, up to the name `end`: how many there are, which of them have to be rewritten, how many lines
    will be gone from those and how many lose what pointed at the erased. `illegible` objects and lines stay."""

    end: str
    objects: int
    concerned: tuple[str, ...]
    erased: int = 0
    unlinked: int = 0
    illegible: int = 0


@runtime_checkable
class ErasableStore(Protocol):
    """Personal data that is too much for one step: what `personal_data.port.SupportsForget` is for the rest.
    `certified_as` is the store's name in certificates."""

    certified_as: ClassVar[str]

    def busy(self, client_id: str) -> bool:
        """Whether something is being put there that may have been read before the erasure."""
        ...

    def survey(self, client_id: str, target: Target, after: str) -> Portion | None:
        """The next objects after that name, as they are. None if there are no more."""
        ...

    def clean(self, name: str, target: Target) -> bool:
        """Whether it was looked at afterwards and is clean."""
        ...


class StoreSteps:
    def __init__(self, store: ErasableStore, now: Callable[[], datetime]) -> None:
        self.name = store.certified_as
        self._erasable = store
        self._now = now

    def step(self, operation: Operation, target: Target, then: Mapping[str, Any]) -> Operation:
        """Rewrite what was planned; else plan what comes next. `then` is the state after the last one."""
        done: Mapping[str, Any] = operation.state.get(self.name) or {}
        if done.get("plan"):
            return self._rewritten(operation, target, done)
        if self._erasable.busy(operation.client_id):
            return operation.at(85).resting(self._now() + _PAUSE)
        portion = self._erasable.survey(operation.client_id, target, done.get("after", ""))
        if portion is None:
            return operation.at(85, **then)
        counts = {
            "objects": portion.objects,
            "rewritten": len(portion.concerned),
            "events_erased": portion.erased,
            "events_unlinked": portion.unlinked,
            "illegible": portion.illegible,
        }
        if not portion.concerned:
            return operation.at(85, **{self.name: _further(done, portion.end, counts)})
        plan = {"end": portion.end, "names": list(portion.concerned), "counts": counts}
        return operation.at(85, **{self.name: {**done, "plan": plan}})

    def _rewritten(self, operation: Operation, target: Target, done: Mapping[str, Any]) -> Operation:
        plan = done["plan"]
        clean = sum([self._erasable.clean(name, target) for name in plan["names"]])
        further = _further(done, plan["end"], {**plan["counts"], "found_clean": clean})
        return operation.at(85, **{self.name: further})

    def certified(self, operation: Operation) -> dict[str, Any]:
        """What the certificate says of it. It is `clean` only if everything that was rewritten was found clean when it
        was read again, and all of it could be read."""
        totals = (operation.state.get(self.name) or {}).get("totals", {})
        counts = {name: totals.get(name, 0) for name in _COUNTS}
        clean = counts["found_clean"] == counts["rewritten"] and not counts["illegible"]
        return {"outcome": "clean" if clean else "incomplete", **counts}


def _further(done: Mapping[str, Any], end: str, more: Mapping[str, int]) -> dict[str, Any]:
    totals = dict(done.get("totals", {}))
    for name, number in more.items():
        totals[name] = totals.get(name, 0) + number
    return {"after": end, "totals": totals}
