"""What can be done with segments."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from groundswell.access.model import ClientContext
from groundswell.audience.model import InUse, ListNotFound, MailingList
from groundswell.audience.segments.keeping import Events
from groundswell.audience.segments.model import REFRESH, SEGMENTS_AT_MOST, Segment, SegmentNotFound, TooManySegments
from groundswell.audience.segments.rules import Predicate, check
from groundswell.audit.model import Entry
from groundswell.kernel.errors import Invalid, require_version
from groundswell.kernel.page import CountedPage, Page, Position
from groundswell.leads.model import Filter, Lead, Order
from groundswell.leads.settings.model import LeadSettings
from groundswell.operations.model import Operation

PREVIEWED = 20_000
"""Leads that a preview asks: above that it is about the newest."""
SAMPLE = 10
_TOGETHER = 500


class SegmentStore(Protocol):
    def find(self, client_id: str, segment_id: str) -> Segment | None: ...

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[Segment]:
        """In the order in which they were made, deleted ones among them."""

    def save(self, before: Segment | None, after: Segment, noted: Entry | None) -> Segment: ...

    def sizes(self, client_id: str, segment_ids: Sequence[str]) -> Mapping[str, int]: ...

    def used_by(self, client_id: str, segment_id: str) -> Sequence[Mapping[str, str]]: ...


class Leads(Protocol):
    def page(
        self, client_id: str, wanted: Filter, order: Order | None, limit: int, position: Position | None
    ) -> CountedPage[Lead]: ...


class Lists(Protocol):
    def get(self, client_id: str, list_id: str) -> MailingList:
        """Raises ListNotFound."""
        ...


class Settings(Protocol):
    def get(self, client_id: str) -> LeadSettings: ...


class Operations(Protocol):
    def start(self, who: ClientContext, job: str, state: Mapping[str, Any]) -> Operation: ...


@dataclass(frozen=True)
class Preview:
    """`examined` leads were looked at: all of them where `exact`."""

    count: int
    sample: tuple[Lead, ...]
    examined: int
    exact: bool


class SegmentService:
    def __init__(
        self,
        store: SegmentStore,
        leads: Leads,
        lists: Lists,
        settings: Settings,
        events: Events,
        operations: Operations,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._leads = leads
        self._lists = lists
        self._settings = settings
        self._events = events
        self._operations = operations
        self._now = now
        self._new_id = new_id

    def get(self, client_id: str, segment_id: str) -> Segment:
        """Raises SegmentNotFound."""
        segment = self._store.find(client_id, segment_id)
        if segment is None or segment.deleted_at:
            raise SegmentNotFound
        return segment

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[Segment]:
        """Oldest first. A page may be short where some were deleted just now."""
        page = self._store.page(client_id, limit, position)
        return Page(tuple(segment for segment in page.items if not segment.deleted_at), page.next)

    def sizes(self, client_id: str, segments: Sequence[Segment]) -> Mapping[str, int]:
        """How many leads are in each."""
        return self._store.sizes(client_id, [segment.id for segment in segments])

    def create(self, who: ClientContext, values: Mapping[str, Any]) -> Segment:
        """Its leads come into it within seconds. Raises TooManySegments, Invalid."""
        if len(self._store.page(who.client_id, SEGMENTS_AT_MOST, None).items) >= SEGMENTS_AT_MOST:
            raise TooManySegments
        new = self._drafted(who, values)
        self._need_sound(new)
        kept = self._store.save(None, new, _entry(who, "created", new))
        self._operations.start(who, REFRESH, {"segment_id": new.id})
        return kept

    def update(self, who: ClientContext, segment_id: str, values: Mapping[str, Any], expected: int | None) -> Segment:
        """What is absent stays; `rules` are replaced as a whole. Raises SegmentNotFound, PreconditionFailed,
        Invalid."""
        before = self.get(who.client_id, segment_id)
        require_version(expected, before.version)
        after = replace(before, **values)
        if after == before:
            return before
        self._need_sound(after)
        kept = self._store.save(before, replace(after, updated_at=self._now()), _entry(who, "updated", after))
        if (after.rules, after.match) != (before.rules, before.match):
            self._operations.start(who, REFRESH, {"segment_id": segment_id})
        return kept

    def delete(self, who: ClientContext, segment_id: str, expected: int | None) -> None:
        """It is gone at once; an operation takes its leads out. Raises SegmentNotFound, InUse, PreconditionFailed."""
        segment = self.get(who.client_id, segment_id)
        require_version(expected, segment.version)
        if used := self._store.used_by(who.client_id, segment_id):
            raise InUse(details={"used_by": list(used)})
        self._operations.start(who, REFRESH, {"segment_id": segment_id, "delete": True})  # first, as for lists
        self._store.save(segment, replace(segment, deleted_at=self._now()), _entry(who, "deleted", segment))

    def preview(self, client_id: str, segment: Segment) -> Preview:
        """Who is in it by its rules as they are now. Nothing is changed. Raises TooManyEvents."""
        predicate, now = Predicate(segment), self._now()
        counts = self._events.counts(client_id, predicate.occurrences, now)
        count, sample, checked = 0, list[Lead](), 0
        for lead in self._newest(client_id):
            if checked == PREVIEWED:
                return Preview(count, tuple(sample), checked, exact=False)
            checked += 1
            if predicate.holds(lead, now, counts):
                count += 1
                sample += [lead] if len(sample) < SAMPLE else []
        return Preview(count, tuple(sample), checked, exact=True)

    def drafted(self, who: ClientContext, values: Mapping[str, Any]) -> Segment:
        """One that is kept nowhere. Raises Invalid."""
        draft = self._drafted(who, values)
        self._need_sound(draft)
        return draft

    def _drafted(self, who: ClientContext, values: Mapping[str, Any]) -> Segment:
        now = self._now()
        return Segment(
            id=self._new_id(),
            client_id=who.client_id,
            created_by=who.actor_id,
            created_at=now,
            updated_at=now,
            **values,
        )

    def _newest(self, client_id: str) -> Iterator[Lead]:
        position: Position | None = None
        while True:
            page = self._leads.page(client_id, Filter(), None, _TOGETHER, position).page
            yield from page.items
            if (position := page.next) is None:
                return

    def _need_sound(self, segment: Segment) -> None:
        check(segment.rules, self._settings.get(segment.client_id).types)
        for at, rule in enumerate(segment.rules):
            if rule.list:
                try:
                    self._lists.get(segment.client_id, rule.list)
                except ListNotFound as error:
                    raise Invalid.on(f"rules.{at}.list", "there is no such list", "unknown") from error


def _entry(who: ClientContext, what: str, segment: Segment) -> Entry:
    details = {"client": who.client_id, "name": segment.name}
    return Entry(who.org_id, f"audience_segment.{what}", who.actor_id, f"audience_segment:{segment.id}", details)
