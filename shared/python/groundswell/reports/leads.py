"""Figures of leads: the funnel of those that were made in the range."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Protocol

from groundswell.analytics.questions.calendar import Buckets
from groundswell.kernel.clock import millis
from groundswell.kernel.page import CountedPage, Position
from groundswell.leads.model import Filter, Lead, Order
from groundswell.reports.catalogue import Origin
from groundswell.reports.model import Answer, Group, Late, Question, Value

_PAGE = 100
LEADS_AT_MOST = 20_000


class Leads(Protocol):
    def page(
        self, client_id: str, wanted: Filter, order: Order | None, limit: int, position: Position | None
    ) -> CountedPage[Lead]: ...


class LeadSource:
    dimensions = frozenset({"source", "status", "owner_id", "grade", "company"})

    def __init__(self, leads: Leads, now: Callable[[], datetime]) -> None:
        self._leads = leads
        self._now = now

    def knows(self, dimension: str) -> bool:
        return dimension in self.dimensions

    def read(self, client_id: str, question: Question) -> Answer:
        names = question.wanted(Origin.LEADS)
        all_leads = list(self._made(client_id, question))
        late = (Late("leads", "too_many_leads"),) if len(all_leads) > LEADS_AT_MOST else ()
        leads = [lead for lead in all_leads[:LEADS_AT_MOST] if _passes(lead, question.filters)]
        buckets = Buckets(question.calendar.starts(question.window))
        by_start = _grouped(leads, lambda lead: buckets.of(millis(lead.created_at)))
        groups = _grouped(leads, lambda lead: tuple(_value(lead, name) for name in question.dimensions))
        breakdown = [
            Group(dict(zip(question.dimensions, key, strict=True)), figures(names, members))
            for key, members in sorted(groups.items(), key=lambda pair: -len(pair[1]))
            if question.dimensions
        ]
        series = {start: figures(names, by_start.get(start, ())) for start in buckets.starts}
        return Answer(figures(names, leads), series, tuple(breakdown), millis(self._now()), late)

    def _made(self, client_id: str, question: Question) -> Iterator[Lead]:
        """Those of the range, and one more than are counted where they are too many."""
        start, end = (datetime.fromtimestamp(ts / 1000, UTC) for ts in (question.window.start, question.window.end))
        wanted, order = Filter(created_from=start, created_to=end), Order("created_at", descending=False)
        position: Position | None = None
        for _ in range(LEADS_AT_MOST // _PAGE + 1):
            page = self._leads.page(client_id, wanted, order, _PAGE, position).page
            yield from page.items
            position = page.next
            if position is None:
                return


def figures(names: Iterable[str], leads: Sequence[Lead]) -> dict[str, Value]:
    stages = Counter(lead.status.value for lead in leads)
    known: dict[str, Value] = {**stages, "leads": len(leads)}
    if leads:
        known["conversion_rate"] = (Decimal(stages["converted"]) / len(leads)).quantize(Decimal("0.000001"))
    return {name: known.get(name, None if name == "conversion_rate" else 0) for name in names}


def _grouped[K](leads: Iterable[Lead], key: Callable[[Lead], K]) -> dict[K, list[Lead]]:
    groups: dict[K, list[Lead]] = {}
    for lead in leads:
        groups.setdefault(key(lead), []).append(lead)
    return groups


def _value(lead: Lead, name: str) -> str | None:
    value = getattr(lead, name)
    return None if value is None else str(value)


def _passes(lead: Lead, filters: Mapping[str, tuple[str, ...]]) -> bool:
    return all(_value(lead, name) in values for name, values in filters.items())
