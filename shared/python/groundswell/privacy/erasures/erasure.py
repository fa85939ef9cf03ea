"""The erasure job: finds out whom it is about, closes the door, takes the events out, and says what it did.

Each step is safe to repeat. What a sweep is about to erase is counted and kept before it is erased, so that the
certificate is the same wherever a worker died. What was done is remembered by the features' names: a version of us that
knows one more may go on.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from groundswell.events.erasure.erasable import ErasableStore, StoreSteps
from groundswell.events.erasure.eraser import Eraser
from groundswell.events.erasure.targets import Period, Somebody, Target
from groundswell.events.eventlog import keys
from groundswell.events.eventlog.identity_graph import IdentityGraph
from groundswell.events.eventlog.model import HOUR, WINDOW, event_log
from groundswell.events.eventlog.port import EventLog
from groundswell.events.eventlog.snapshot import take
from groundswell.events.people.identity_cache import IdentityCache
from groundswell.events.people.resolution import identifiers_at, people_at, resolve_person
from groundswell.events.suppressions.model import Request
from groundswell.kernel.clock import millis, rfc3339
from groundswell.operations.model import Operation
from groundswell.personal_data.identifiers import EVENT_KINDS, Identifier, IdKind
from groundswell.personal_data.persons import of_kinds, resolve
from groundswell.personal_data.port import ClientData, SupportsForget
from groundswell.privacy.erasures.sweeps import Sweeps, beginning
from groundswell.privacy.naming import named_in, whom


class Door(Protocol):
    def add_all(self, client_id: str, requests: Sequence[Request]) -> None: ...


@dataclass(frozen=True)
class Patience:
    """`door` is how long after it was closed somebody may still be let in, `work` how long what was begun before may
    still write what it read."""

    door: timedelta = timedelta(0)
    work: timedelta = timedelta(0)


class ErasureJob:
    def __init__(
        self,
        store: EventLog,
        eraser: Eraser,
        door: Door,
        features: Sequence[ClientData],
        now: Callable[[], datetime],
        patience: Patience,
    ) -> None:
        self._store = store
        self._sweeps = Sweeps(store, eraser)
        self._door = door
        self._features = features
        self._forgetters = [feature for feature in features if isinstance(feature, SupportsForget)]
        self._erasables = [StoreSteps(feature, now) for feature in features if isinstance(feature, ErasableStore)]
        self._now = now
        self._patience = patience
        self._steps = {
            "resolve": self._resolve,
            "suppress": self._suppress,
            "sweep": self._sweep,
            "links": self._forget,
            "stores": self._clean_stores,
            "finish": self._finish,
        }

    def step(self, operation: Operation) -> Operation:
        return self._steps[operation.state.get("step", "resolve")](operation)

    def outcome(self, operation: Operation) -> Mapping[str, str]:
        counts = operation.result or {}
        return {name: str(value) for name, value in counts.items() if isinstance(value, int)}

    def _resolve(self, operation: Operation) -> Operation:
        state = operation.state
        if "from" in state:
            until = millis(self._now()) + WINDOW
            self._store.set_forgetting(event_log(operation.client_id), until)
            return operation.at(5, step="sweep", sweep=1, **_from(beginning(state["from"])))
        known = [Identifier.of(IdKind(kind), value) for kind, value in state.get("identifiers", ())]
        if named := named_in(state):
            known = sorted(whom(self._people(operation), self._features, operation.client_id, [named]))
        if "person" in state:
            people = self._people(operation)
            known = sorted(identifiers_at(people, resolve_person(people, state["person"])))
            known = known or [Identifier.of(IdKind.USER, state["person"])]
            known = sorted(resolve(self._features, operation.client_id, known, complete=EVENT_KINDS))
        return operation.at(
            5, step="suppress", identifiers=[[identifier.kind.value, identifier.value] for identifier in known]
        )

    def _people(self, operation: Operation) -> IdentityGraph:
        views = [take(self._store, event_log(operation.client_id))]
        return people_at(self._store, IdentityCache(self._store), views)

    def _suppress(self, operation: Operation) -> Operation:
        reason = f"erased by {operation.id}"
        requests = [
            Request(kind, reason, operation.by, plainly=False)
            for kind in of_kinds(_identifiers(operation), EVENT_KINDS)
        ]
        self._door.add_all(operation.client_id, requests)
        closed = millis(self._now() + self._patience.door)
        return operation.at(10, step="sweep", sweep=1, closed=closed, **_from("B#"))

    def _sweep(self, operation: Operation) -> Operation:
        after = self._sweeps.step(operation, _target(operation), _identifiers(operation))
        return self._swept(operation) if after is None else after

    def _swept(self, operation: Operation) -> Operation:
        """Once more when the door is closed everywhere, for what came in meanwhile; then what was begun before that
        ends, and the lists are cleaned of what it wrote."""
        closed = operation.state.get("closed")
        if closed is None:
            return operation.at(80, step="stores")
        if operation.state["sweep"] == 2:
            return operation.at(75, step="links").resting(self._now() + self._patience.work)
        since = keys.blocks_from(max(0, millis(operation.created_at) - HOUR))
        again = operation.at(70, sweep=2, **_from(since))
        return again.resting(datetime.fromtimestamp(closed / 1000, self._now().tzinfo))

    def _forget(self, operation: Operation) -> Operation:
        """What each feature keeps of them beside the events, a feature a step."""
        done = operation.state.get("forgotten", ())
        for feature in self._forgetters:
            if feature.kind not in done:
                if persons := of_kinds(_identifiers(operation), feature.forgets):
                    feature.forget(operation.client_id, persons)
                return operation.at(75, forgotten=[*done, feature.kind])
        return operation.at(80, step="stores")

    def _clean_stores(self, operation: Operation) -> Operation:
        done = operation.state.get("cleaned", ())
        for store in self._erasables:
            if store.name not in done:
                return store.step(operation, _target(operation), {"cleaned": [*done, store.name]})
        return operation.at(95, step="finish")

    def _finish(self, operation: Operation) -> Operation:
        """The certificate. It names nobody: digests tell whoever knows a name that it was among them."""
        swept, known = operation.state.get("swept", {}), _identifiers(operation)
        return operation.succeeded(
            {
                "events_erased": swept.get("erased", 0),
                "repeats_erased": swept.get("repeats", 0),
                "blocks_rewritten": swept.get("blocks", 0),
                "blocks_looked_at": swept.get("looked_at", 0),
                "identifiers": len(known),
                "digests": [identifier.digest(operation.client_id).hex() for identifier in known],
                **{erasable.name: erasable.certified(operation) for erasable in self._erasables},
                "requested_by": operation.by,
                "requested_at": rfc3339(operation.created_at),
                "finished_at": rfc3339(self._now()),
            }
        )


def _from(block: str) -> dict[str, Any]:
    """Where a sweep of all logs begins."""
    return {"log": 0, "from_block": block, "since": block}


def _identifiers(operation: Operation) -> list[Identifier]:
    return [Identifier(IdKind(kind), value) for kind, value in operation.state.get("identifiers", ())]


def _target(operation: Operation) -> Target:
    state = operation.state
    return Period(state["from"], state["to"]) if "from" in state else Somebody.named(_identifiers(operation))
