"""Keeps leads in the segments that they belong to: each when it changes, and all of them for one segment."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from groundswell.audience.segments.model import SEGMENTS_AT_MOST, Segment
from groundswell.audience.segments.rules import Counts, Occurrence, Predicate, never
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.page import CountedPage, Page, Position
from groundswell.leads.model import Filter, Lead, Order

_TOGETHER = 200
_ATTEMPTS = 6


class Segments(Protocol):
    def page(self, client_id: str, limit: int, position: Position | None) -> Page[Segment]: ...


class Leads(Protocol):
    def find(self, client_id: str, lead_id: str) -> Lead | None: ...

    def page(
        self, client_id: str, wanted: Filter, order: Order | None, limit: int, position: Position | None
    ) -> CountedPage[Lead]: ...

    def save(self, before: Lead | None, after: Lead) -> Lead:
        """Raises PreconditionFailed."""


class Events(Protocol):
    def counts(self, client_id: str, wanted: Sequence[Occurrence], now: datetime) -> Counts: ...


class Keeper:
    """Asks leads that changed. Segments about events are left as they are: the lead does not say what it did."""

    def __init__(self, segments: Segments, leads: Leads, now: Callable[[], datetime]) -> None:
        self._segments = segments
        self._leads = leads
        self._now = now

    def keep(self, changed: Iterable[Lead]) -> int:
        """How many came or went. Whoever changed again meanwhile is asked again."""
        by_client: dict[str, dict[str, Lead]] = {}
        for lead in changed:
            by_client.setdefault(lead.client_id, {})[lead.id] = lead
        moved = 0
        for client_id, leads in by_client.items():
            segments = self._segments.page(client_id, SEGMENTS_AT_MOST, None).items
            predicates = {segment.id: Predicate(segment) for segment in segments if not segment.deleted_at}
            fixed = {segment.id for segment in segments if segment.about_events}
            moved += sum(self._kept(lead, predicates, fixed) for lead in leads.values() if not lead.merged_into)
        return moved

    def _kept(self, lead: Lead, predicates: Mapping[str, Predicate], fixed: set[str]) -> bool:
        now = self._now()
        wanted = tuple(
            segment_id
            for segment_id, predicate in predicates.items()
            if (segment_id in lead.segment_ids if segment_id in fixed else predicate.holds(lead, now, never))
        )
        if set(wanted) == set(lead.segment_ids):
            return False
        with suppress(PreconditionFailed):  # the newer one comes, too
            self._leads.save(lead, replace(lead, segment_ids=wanted))
            return True
        return False


@dataclass(frozen=True)
class Refreshed:
    leads: int
    changed: int
    next: Position | None


class Refresher:
    """Asks all leads for one segment, some at a time. `counts` of events are taken once for all of them."""

    def __init__(self, leads: Leads, events: Events, now: Callable[[], datetime]) -> None:
        self._leads = leads
        self._events = events
        self._now = now

    def counts(self, segment: Segment) -> Counts:
        return self._events.counts(segment.client_id, Predicate(segment).occurrences, self._now())

    def refresh_page(self, segment: Segment, counts: Counts, position: Position | None) -> Refreshed:
        """The next leads, in the order in which they were made. Again, it changes nothing."""
        predicate = Predicate(segment)
        page = self._leads.page(segment.client_id, Filter(), Order(descending=False), _TOGETHER, position).page
        changed = sum(self._judge(segment, predicate, lead, counts) for lead in page.items)
        return Refreshed(len(page.items), changed, page.next)

    def empty(self, segment: Segment) -> int:
        """Takes the first leads out of a deleted segment. How many: none when it is empty."""
        inside = self._leads.page(segment.client_id, Filter(segments=(segment.id,)), None, _TOGETHER, None).page
        for lead in inside.items:
            self._put(segment, lead, lambda _: False)
        return len(inside.items)

    def _judge(self, segment: Segment, predicate: Predicate, lead: Lead, counts: Counts) -> bool:
        return self._put(segment, lead, lambda candidate: predicate.holds(candidate, self._now(), counts))

    def _put(self, segment: Segment, lead: Lead, belongs: Callable[[Lead], bool]) -> bool:
        """Whether it came or went."""
        for _ in range(_ATTEMPTS):
            wanted = belongs(lead)
            if (segment.id in lead.segment_ids) is wanted:
                return False
            others = tuple(segment_id for segment_id in lead.segment_ids if segment_id != segment.id)
            with suppress(PreconditionFailed):
                self._leads.save(lead, replace(lead, segment_ids=(*others, segment.id) if wanted else others))
                return True
            again = self._leads.find(lead.client_id, lead.id)
            if again is None or again.merged_into:
                return False
            lead = again
        raise PreconditionFailed
