"""Conversions, read from the client's log of events and noted in the ledger."""

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import batched, groupby
from weakref import WeakKeyDictionary

from groundswell.analytics.questions.rows import MOST_EVENTS, Row, RowReader
from groundswell.campaigns.adapter_ledger import DynamoLedger
from groundswell.campaigns.conversions import WINDOW_DAYS, Credit, Seen, converted, credited
from groundswell.campaigns.event_log import CLICKED, SOURCE
from groundswell.campaigns.ledger import DeliveryNotFound, place_of
from groundswell.campaigns.model import Campaign
from groundswell.campaigns.tagging import delivery_in
from groundswell.campaigns.timeline import entry
from groundswell.events.eventlog.block import Block
from groundswell.events.eventlog.model import NO_CURRENCY
from groundswell.events.eventlog.port import EventLog
from groundswell.events.eventlog.window import Window
from groundswell.events.people.resolution import resolve_contact
from groundswell.events.people.service import PeopleService
from groundswell.kernel.clock import millis
from groundswell.kernel.errors import PreconditionFailed
from groundswell.leads.model import Lead
from groundswell.leads.store import DynamoLeadStore

WINDOW = timedelta(days=WINDOW_DAYS)
_AT_MOST = 20 * MOST_EVENTS
"""What a worker reads for one campaign."""
_TOGETHER = 100
_ATTEMPTS = 8
_NO_MONEY = frozenset({"metric", "web3"})


class Conversions:
    def __init__(self, log: EventLog, leads: DynamoLeadStore, ledger: DynamoLedger) -> None:
        self._log = log
        self._people = PeopleService(log)
        self._leads = leads
        self._ledger = ledger

    def join(self, campaign: Campaign, now: datetime) -> int:
        """Worked out anew from all there is, so that what comes late counts and repeats change nothing. How many
        deliveries brought something in. Raises TooManyEvents."""
        if campaign.started_at is None or not self._ledger.totals(campaign.client_id, campaign.id).of("clicked"):
            return 0
        delivery_credits = credited(
            self._seen(campaign.client_id, Window(millis(campaign.started_at), millis(now) + 1))
        )
        mine = {name: credit for name, credit in delivery_credits.items() if name.startswith(f"{campaign.id}-")}
        for number, names in groupby(sorted(mine, key=_number), key=_number):
            self._note(campaign, number, {name: mine[name] for name in names})
        return len(mine)

    def _seen(self, client_id: str, window: Window) -> Iterator[Seen]:
        """Two passes: who clicked, and then what became of them."""
        reader = RowReader(self._log, client_id, _AT_MOST, self._people.known)
        rows = [(row, facts) for row in reader.between(window) if (facts := _facts_of(row))]
        names = self._names(client_id, {row.anonymous_id for row, facts in rows if facts.lead and row.anonymous_id})
        for row, facts in rows:
            known = names.get(row.anonymous_id or "", ()) if facts.lead else ()
            persons = {resolve_contact(reader.people, person_id) for person_id in known} | {row.person or ""}
            yield Seen(row.ts, frozenset(filter(None, persons)), facts.delivery_id, facts.amount, facts.currency)

    def _names(self, client_id: str, lead_ids: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        names: dict[str, tuple[str, ...]] = {}
        for batch in batched(sorted(lead_ids), _TOGETHER, strict=False):
            names |= {lead.id: _known_by(lead) for lead in self._leads.find_many(client_id, batch)}
        return names

    def _note(self, campaign: Campaign, number: int, delivery_credits: Mapping[str, Credit]) -> None:
        for _ in range(_ATTEMPTS):
            before = self._ledger.find(campaign.client_id, campaign.id, number)
            after = converted(before, delivery_credits) if before else None
            if before is None or after is None or after == before:
                return
            entries = {
                one.lead_id: entry(
                    campaign.id, "email", name, "converted", "converted", _time(delivery_credits[name].at)
                )
                for place, one in enumerate(before.deliveries)
                if (name := before.delivery_id(place)) in delivery_credits and not one.converted
            }
            try:
                self._ledger.save_with_entries(before, after, entries)
            except PreconditionFailed:
                continue
            return
        raise PreconditionFailed


class _Facts:
    """What of a row matters."""

    __slots__ = ("amount", "currency", "delivery_id", "lead")

    def __init__(self, delivery_id: str | None, amount: Decimal | None = None, currency: str = "") -> None:
        self.delivery_id = delivery_id
        self.amount = amount
        self.currency = currency
        self.lead = False


_columns: WeakKeyDictionary[Block, dict[str, list[bytes]]] = WeakKeyDictionary()


def _facts_of(row: Row) -> _Facts | None:
    if row.name == CLICKED:
        if _column(row, "source") != SOURCE:
            return None
        facts = _Facts(_text(_column(row, "properties.delivery_id")))
        facts.lead = True
        return facts
    if row.value is not None and row.kind not in _NO_MONEY:
        return _Facts(None, Decimal(row.value), row.block.currencies.get(row.position, NO_CURRENCY))
    if row.kind == "page" and (came := delivery_in(_text(_column(row, "context.page.url")) or "")):
        return _Facts(came)
    return None


def _column(row: Row, path: str) -> bytes:
    columns = _columns.setdefault(row.block, {})
    if path not in columns:
        columns[path] = row.block.column(path)
    return columns[path][row.position]


def _text(raw: bytes) -> str | None:
    value = json.loads(raw) if raw else None
    return value if isinstance(value, str) else None


def _known_by(lead: Lead) -> tuple[str, ...]:
    names = (lead.id, lead.distinct_id, lead.wallet_address, lead.email)
    return tuple(name for name in names if name)


def _number(delivery_id: str) -> int:
    try:
        return place_of(delivery_id)[1]
    except DeliveryNotFound:  # somebody made it up
        return -1


def _time(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
