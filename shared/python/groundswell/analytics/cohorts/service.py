"""Use cases of cohorts."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol

from groundswell.access.model import ClientContext
from groundswell.analytics.cohorts.model import (
    COHORTS_AT_MOST,
    JOB,
    MEMBERS_AT_MOST,
    Cohort,
    CohortTooLarge,
    TooManyCohorts,
)
from groundswell.analytics.cohorts.rules import Definition, members
from groundswell.analytics.cohorts.stored_question import checked
from groundswell.analytics.questions.rows import RowReader, TooManyEvents
from groundswell.audit.model import Entry
from groundswell.events.eventlog.port import EventLog
from groundswell.events.people.identity_cache import IdentityCache
from groundswell.kernel.clock import millis
from groundswell.kernel.errors import require_version
from groundswell.kernel.page import Page, Position
from groundswell.operations.model import Operation


class CohortStore(Protocol):
    def page(self, client_id: str, limit: int, position: Position | None) -> Page[Cohort]: ...

    def get(self, client_id: str, cohort_id: str) -> Cohort:
        """Raises CohortNotFound."""
        ...

    def put_members(self, cohort: Cohort, persons: Sequence[str]) -> None:
        """Under the name of `cohort.list_id`, before the cohort itself says so. What is there already stays."""
        ...

    def members(self, cohort: Cohort, limit: int, position: Position | None) -> Page[str]: ...

    def delete_members(self, cohort: Cohort) -> None: ...

    def forget(self, client_id: str, persons: Collection[str]) -> int:
        """Take them off every list there is, whether or not a cohort names it: who took it may have died before that.
        How many places they had. Raises PreconditionFailed if somebody else changed a list."""
        ...

    def put(self, cohort: Cohort, entry: Entry | None) -> Cohort: ...

    def delete(self, cohort: Cohort, entry: Entry) -> None: ...


class Operations(Protocol):
    def start(self, who: ClientContext, job: str, state: Mapping[str, Any]) -> Operation: ...


class Wanted(NamedTuple):
    """What a client asks for; `text` is the definition as it wrote it, `question` the same with every member, as
    `cohorts.stored_question` reads it."""

    name: str
    text: str
    definition: Definition
    question: str


class CohortService:
    """Taking a cohort's members may raise CohortTooLarge. Where more events have to be read than one request may read,
    it is an operation, and the cohort is as it was until that is over."""

    def __init__(
        self,
        log: EventLog,
        store: CohortStore,
        operations: Operations,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._log = log
        self._known = IdentityCache(log)
        self._store = store
        self._operations = operations
        self._now = now
        self._new_id = new_id

    def list(self, client_id: str, limit: int, position: Position | None) -> Page[Cohort]:
        return self._store.page(client_id, limit, position)

    def get(self, client_id: str, cohort_id: str) -> Cohort:
        """Raises CohortNotFound."""
        return self._store.get(client_id, cohort_id)

    def create(self, who: ClientContext, wanted: Wanted) -> Cohort | Operation:
        """Raises TooManyCohorts."""
        if len(self._store.page(who.client_id, COHORTS_AT_MOST, None).items) >= COHORTS_AT_MOST:
            raise TooManyCohorts
        now, new_id = self._now(), self._new_id()
        cohort = Cohort(new_id, who.client_id, wanted.name, wanted.text, "", now, 0, who.actor_id, now, now)
        return self._take(who, cohort, wanted, "cohort.created")

    def change(self, who: ClientContext, cohort_id: str, wanted: Wanted, expected: int | None) -> Cohort | Operation:
        """Its members are taken anew. Raises CohortNotFound, PreconditionFailed."""
        before = self._store.get(who.client_id, cohort_id)
        require_version(expected, before.version)
        return self._take(who, before, wanted, "cohort.changed")

    def refresh(self, who: ClientContext, cohort: Cohort, wanted: Wanted) -> Cohort | Operation:
        """Take its members as they are now. `wanted` is what it is."""
        return self._take(who, cohort, wanted, "cohort.refreshed")

    def members(self, cohort: Cohort, limit: int, position: Position | None) -> Page[str]:
        """As they were when they were taken, in the order of their names."""
        return self._store.members(cohort, limit, position)

    def delete(self, who: ClientContext, cohort_id: str) -> None:
        """Raises CohortNotFound."""
        cohort = self._store.get(who.client_id, cohort_id)
        self._store.delete(cohort, _entry(who, "cohort.deleted", cohort))
        self._store.delete_members(cohort)

    def forget(self, client_id: str, persons: Collection[str]) -> int:
        """Take erased persons off every list. How many places they had; doing it again finds none."""
        forgotten = 0
        position: Position | None = {}
        while position is not None:
            page = self._store.page(client_id, 50, position or None)
            forgotten += sum(self._without(cohort, set(persons)) for cohort in page.items)
            position = page.next
        return forgotten + self._store.forget(client_id, set(persons))

    def _without(self, cohort: Cohort, persons: set[str]) -> int:
        everybody = self._store.members(cohort, max(cohort.size, 1), None).items
        left = [person for person in everybody if person not in persons]
        if len(left) < len(everybody):
            changed = replace(cohort, list_id=self._new_id(), size=len(left))
            self._store.put_members(changed, left)
            self._store.put(changed, None)
            self._store.delete_members(cohort)
        return len(everybody) - len(left)

    def _take(self, who: ClientContext, before: Cohort, wanted: Wanted, action: str) -> Cohort | Operation:
        now = self._now()
        at = millis(now)
        reader = RowReader(self._log, before.client_id, known=self._known)
        try:
            persons = members(reader.between(wanted.definition.window(at)), wanted.definition, at)
        except TooManyEvents:
            return self._as_a_job(who, before, wanted, action)
        if len(persons) > MEMBERS_AT_MOST:
            raise CohortTooLarge
        seen = at if reader.as_of is None else reader.as_of
        cohort = replace(before, name=wanted.name, definition=wanted.text, list_id=self._new_id(), updated_at=now)
        cohort = replace(cohort, taken_at=datetime.fromtimestamp(seen / 1000, UTC), size=len(persons))
        self._store.put_members(cohort, persons)
        kept = self._store.put(cohort, _entry(who, action, cohort))
        if before.list_id:
            self._store.delete_members(before)
        return kept

    def _as_a_job(self, who: ClientContext, before: Cohort, wanted: Wanted, action: str) -> Operation:
        cohort = {"id": before.id, "name": wanted.name, "definition": wanted.text, "action": action}
        was = [before.name, before.definition] if before.list_id else None
        state = {"question": checked(wanted.question), "cohort": cohort, "before": was}
        return self._operations.start(who, JOB, state)


def _entry(who: ClientContext, action: str, cohort: Cohort) -> Entry:
    return noted(who.org_id, who.actor_id, action, cohort)


def noted(org_id: str, by: str, action: str, cohort: Cohort) -> Entry:
    return Entry(org_id, action, by, f"cohort:{cohort.id}", {"client": cohort.client_id, "size": str(cohort.size)})
