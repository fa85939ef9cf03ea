"""Use cases of cohorts."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple, Protocol

from groundswell.access.model import Acting
from groundswell.analytics.model import Window
from groundswell.analytics.rows import RowReader
from groundswell.audit.model import Entry
from groundswell.cohorts.model import COHORTS_AT_MOST, MEMBERS_AT_MOST, Cohort, CohortTooLarge, TooManyCohorts
from groundswell.cohorts.rules import Definition, members
from groundswell.eventlog.model import HOUR
from groundswell.eventlog.port import EventLog
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.page import Page, Position
from groundswell.people.known import Known


class CohortStore(Protocol):
    def page(self, client_id: str, limit: int, position: Position | None) -> Page[Cohort]: ...

    def get(self, client_id: str, cohort_id: str) -> Cohort:
        """Raises CohortNotFound."""
        ...

    def put_members(self, cohort: Cohort, persons: Sequence[str]) -> None:
        """Under the name of `cohort.taken`, before the cohort itself says so."""
        ...

    def members(self, cohort: Cohort, limit: int, position: Position | None) -> Page[str]: ...

    def delete_members(self, cohort: Cohort) -> None: ...

    def forget(self, client_id: str, persons: Collection[str]) -> int:
        """Take them off every list there is, whether or not a cohort names it: who took it may have died before that.
        How many places they had. Raises PreconditionFailed if somebody else changed a list."""
        ...

    def put(self, cohort: Cohort, entry: Entry | None) -> Cohort: ...

    def delete(self, cohort: Cohort, entry: Entry) -> None: ...


class Wanted(NamedTuple):
    """What a client asks for; `text` is the definition as it wrote it."""

    name: str
    text: str
    definition: Definition


class CohortService:
    """Taking a cohort's members may raise TooManyEvents, and CohortTooLarge."""

    def __init__(
        self, log: EventLog, store: CohortStore, now: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        self._log = log
        self._known = Known(log)
        self._store = store
        self._now = now
        self._new_id = new_id

    def list(self, client_id: str, limit: int, position: Position | None) -> Page[Cohort]:
        return self._store.page(client_id, limit, position)

    def get(self, client_id: str, cohort_id: str) -> Cohort:
        """Raises CohortNotFound."""
        return self._store.get(client_id, cohort_id)

    def create(self, who: Acting, wanted: Wanted) -> Cohort:
        """Raises TooManyCohorts."""
        if len(self._store.page(who.client_id, COHORTS_AT_MOST, None).items) >= COHORTS_AT_MOST:
            raise TooManyCohorts
        now, new_id = self._now(), self._new_id()
        cohort = Cohort(new_id, who.client_id, wanted.name, wanted.text, "", now, 0, who.by, now, now)
        return self._take(who, cohort, wanted.definition, "cohort.created")

    def change(self, who: Acting, cohort_id: str, wanted: Wanted, expected: int | None) -> Cohort:
        """Its members are taken anew. Raises CohortNotFound, PreconditionFailed."""
        before = self._store.get(who.client_id, cohort_id)
        if expected is not None and expected != before.version:
            raise PreconditionFailed
        changed = replace(before, name=wanted.name, definition=wanted.text)
        return self._take(who, changed, wanted.definition, "cohort.changed")

    def refresh(self, who: Acting, cohort: Cohort, definition: Definition) -> Cohort:
        """Take its members as they are now."""
        return self._take(who, cohort, definition, "cohort.refreshed")

    def members(self, cohort: Cohort, limit: int, position: Position | None) -> Page[str]:
        """As they were when they were taken, in the order of their names."""
        return self._store.members(cohort, limit, position)

    def delete(self, who: Acting, cohort_id: str) -> None:
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
            changed = replace(cohort, taken=self._new_id(), size=len(left))
            self._store.put_members(changed, left)
            self._store.put(changed, None)
            self._store.delete_members(cohort)
        return len(everybody) - len(left)

    def _take(self, who: Acting, cohort: Cohort, definition: Definition, action: str) -> Cohort:
        now = self._now()
        at = int(now.timestamp() * 1000)
        reader = RowReader(self._log, cohort.client_id, known=self._known)
        found = members(reader.between(Window(definition.start(at), at + 24 * HOUR)), definition, at)
        if len(found) > MEMBERS_AT_MOST:
            raise CohortTooLarge
        seen = at if reader.as_of is None else reader.as_of
        taken = replace(cohort, taken=self._new_id(), taken_at=datetime.fromtimestamp(seen / 1000, UTC), updated_at=now)
        taken = replace(taken, size=len(found))
        self._store.put_members(taken, found)
        kept = self._store.put(taken, _entry(who, action, taken))
        if cohort.taken:
            self._store.delete_members(cohort)
        return kept


def _entry(who: Acting, action: str, cohort: Cohort) -> Entry:
    return Entry(who.org_id, action, who.by, f"cohort:{cohort.id}", {"client": who.client_id, "size": str(cohort.size)})
