"""What campaigns and whoever else writes to people ask: who is meant, how many, and whom not."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Protocol

from groundswell.audience.model import Audience, Channel, OptOut, Reason
from groundswell.audience.opt_outs import Known, OptOutService, addresses
from groundswell.kernel.errors import FieldProblem, Invalid
from groundswell.kernel.page import Page, Position
from groundswell.leads.model import Lead

NO_ADDRESS = "no_address"
REFUSED = "consent_refused"
_COUNTED = 1000


class Leads(Protocol):
    """What is read of leads, cohorts, lists and segments."""

    def in_views(self, client_id: str, audience: Audience, limit: int, position: Position | None) -> Page[str]:
        """Of everybody, lists and segments together, each once, in the order in which they were made."""

    def find_many(self, client_id: str, lead_ids: Sequence[str]) -> tuple[Lead, ...]:
        """Those that exist, in any order."""

    def in_cohort(self, client_id: str, cohort_id: str, limit: int, position: Position | None) -> Page[Lead]:
        """Leads of persons of the cohort: a page may be short."""

    def cohorts_before(self, client_id: str, cohort_ids: Sequence[str], leads: Sequence[Lead]) -> frozenset[str]:
        """Which of the leads are in one of these cohorts."""

    def total(self, client_id: str, audience: Audience) -> int | None:
        """Where a counter knows it: everybody, or one list or segment alone."""

    def missing(self, client_id: str, audience: Audience) -> Sequence[tuple[str, str]]:
        """(field, id) of lists, segments and cohorts that there are none of."""


class AudienceService:
    def __init__(self, leads: Leads, opt_outs: OptOutService) -> None:
        self._leads = leads
        self._opt_outs = opt_outs

    def check(self, client_id: str, audience: Audience, name: str = "audience") -> None:
        """Raises Invalid for one that names nobody, or a list, segment or cohort that is not there."""
        if audience == Audience():
            raise Invalid.on(name, "name list_ids, segment_ids, cohort_ids or lead_ids, or say all", "missing")
        missing = self._leads.missing(client_id, audience)
        if missing:
            raise Invalid(
                problems=tuple(
                    FieldProblem(f"{name}.{field}", "unknown", f"there is no {identifier}")
                    for field, identifier in missing
                )
            )

    def recipients(self, client_id: str, audience: Audience, limit: int, position: Position | None = None) -> Page[str]:
        """Lead ids, each once. A page may be short, or empty, with a next.

        First who is on a list, in a segment, or anybody; then the leads named by their ids; then cohorts in their
        order. Who comes or goes while pages are read may be on one, or not; nobody who stays is missed.
        """
        where = position or {"part": "views"}
        match where["part"]:
            case "views":
                return self._of_views(client_id, audience, limit, where)
            case "leads":
                return self._of_leads(client_id, audience, limit, int(where["at"]))
            case _:
                return self._of_cohorts(client_id, audience, limit, where)

    def count(self, client_id: str, audience: Audience) -> int:
        """How many leads are meant: one read where a counter knows it, else as many as it takes to go through them."""
        known = self._leads.total(client_id, audience)
        return known if known is not None else sum(1 for _ in self.all_of(client_id, audience))

    def sample(self, client_id: str, audience: Audience, size: int) -> tuple[Lead, ...]:
        """The first ones."""
        ids = list(islice(self.all_of(client_id, audience, size), size))
        leads = {lead.id: lead for lead in self._leads.find_many(client_id, ids)}
        return tuple(leads[identifier] for identifier in ids if identifier in leads)

    def all_of(self, client_id: str, audience: Audience, together: int = _COUNTED) -> Iterator[str]:
        """Everybody, page by page."""
        position: Position | None = None
        while True:
            page = self.recipients(client_id, audience, together, position)
            yield from page.items
            if (position := page.next) is None:
                return

    def includes(self, client_id: str, audience: Audience, lead: Lead) -> bool:
        """Whether the lead is meant. An audience that names nobody means anybody."""
        if audience == Audience() or lead.id in audience.lead_ids or _in_views(audience, lead):
            return True
        return bool(audience.cohort_ids and self._leads.cohorts_before(client_id, audience.cohort_ids, [lead]))

    def refusals(
        self, client_id: str, leads: Sequence[Lead], channel: Channel, known: Known | None = None
    ) -> dict[str, str]:
        """Why not to write to which of them: a `Reason` of their address, `consent_refused`, or `no_address`. One read
        for a hundred, and none where `known` has looked for all their addresses. That nothing is known of a consent is
        no refusal: the client says what it makes of that."""
        refused: dict[str, str] = {}
        for lead in leads:
            agreed = lead.consent.get(channel.value)
            if not next(addresses(lead, channel), None):
                refused[lead.id] = NO_ADDRESS
            elif agreed and not agreed.granted:
                refused[lead.id] = REFUSED
        reasons = self._opt_outs.reasons(client_id, leads, channel, known)
        return refused | {lead_id: reason.value for lead_id, reason in reasons.items()}

    def opt_out(
        self, client_id: str, channel: Channel, address: str, reason: Reason, source: str | None, by: str = "person"
    ) -> OptOut:
        """The address is not written to any more; a repeat changes nothing but to a stronger reason. Raises Invalid."""
        return self._opt_outs.add(client_id, channel, address, reason, by=by, source=source)[0]

    def _of_views(self, client_id: str, audience: Audience, limit: int, where: Position) -> Page[str]:
        named = audience.all or audience.list_ids or audience.segment_ids
        if not named:
            return Page((), _after_views(audience))
        place = {"key": where["key"]} if "key" in where else None
        page = self._leads.in_views(client_id, audience, limit, place)
        following = {"part": "views", **page.next} if page.next else _after_views(audience)
        return Page(page.items, following)

    def _of_leads(self, client_id: str, audience: Audience, limit: int, at: int) -> Page[str]:
        named = list(dict.fromkeys(audience.lead_ids))
        lead_ids = named[at : at + limit]
        there = {lead.id: lead for lead in self._leads.find_many(client_id, lead_ids)}
        leads = (there[lead_id] for lead_id in lead_ids if lead_id in there)
        new = tuple(lead.id for lead in leads if not lead.merged_into and not _in_views(audience, lead))
        more = at + len(lead_ids) < len(named)
        return Page(new, {"part": "leads", "at": at + len(lead_ids)} if more else _cohort(audience, 0))

    def _of_cohorts(self, client_id: str, audience: Audience, limit: int, where: Position) -> Page[str]:
        number = int(where["cohort"])
        place = {name: value for name, value in where.items() if name not in ("part", "cohort")}
        page = self._leads.in_cohort(client_id, audience.cohort_ids[number], limit, place or None)
        named = set(audience.lead_ids)
        leads = [lead for lead in page.items if lead.id not in named and not _in_views(audience, lead)]
        known = self._leads.cohorts_before(client_id, audience.cohort_ids[:number], leads) if number else frozenset()
        new = tuple(lead.id for lead in leads if lead.id not in known)
        same = {"part": "cohorts", "cohort": number, **page.next} if page.next else None
        return Page(new, same or _cohort(audience, number + 1))


def _in_views(audience: Audience, lead: Lead) -> bool:
    lists, segments = set(audience.list_ids), set(audience.segment_ids)
    return audience.all or not lists.isdisjoint(lead.list_ids) or not segments.isdisjoint(lead.segment_ids)


def _after_views(audience: Audience) -> Position | None:
    return {"part": "leads", "at": 0} if audience.lead_ids else _cohort(audience, 0)


def _cohort(audience: Audience, number: int) -> Position | None:
    return {"part": "cohorts", "cohort": number} if number < len(audience.cohort_ids) else None
