"""The audience by what leads say of themselves: their lists, their segments, and what they agreed to."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from groundswell.campaigns.model import Audience, Channel
from groundswell.kernel.errors import Invalid
from groundswell.kernel.page import Page, Position
from groundswell.leads.model import Filter, Lead, Order
from groundswell.leads.store import DynamoLeadStore

_BY_TIME = Order("created_at", descending=False)


class LeadAudience:
    """One part after the other (ids, each list, each segment); who was in an earlier part is left out of a later."""

    def __init__(self, store: DynamoLeadStore) -> None:
        self._store = store

    def recipients(self, client_id: str, audience: Audience, limit: int, position: Position | None) -> Page[str]:
        if audience.cohort_ids:
            raise Invalid.on("audience.cohort_ids", "cohorts are of events; make a segment of leads", "unknown")
        parts = _parts(audience)
        number = int(position["part"]) if position else 0
        if number >= len(parts):
            return Page(())
        inner = {name: value for name, value in (position or {}).items() if name != "part"} or None
        page = self._of_part(client_id, audience, parts, number, limit, inner)
        if page.next is not None:
            return Page(page.items, {**page.next, "part": number})
        return Page(page.items, {"part": number + 1} if number + 1 < len(parts) else None)

    def _of_part(
        self,
        client_id: str,
        audience: Audience,
        parts: list[Filter | None],
        number: int,
        limit: int,
        inner: Position | None,
    ) -> Page[str]:
        wanted = parts[number]
        if wanted is None:
            ids = tuple(dict.fromkeys(audience.lead_ids))
            start = int(inner["from"]) if inner else 0
            shown = ids[start : start + limit]
            return Page(shown, {"from": start + limit} if start + limit < len(ids) else None)
        page = self._store.page(client_id, wanted, _BY_TIME, limit, inner).page
        earlier = [each for each in parts[:number] if each is not None]
        fresh = [lead.id for lead in page.items if not _in_earlier(lead, audience, earlier)]
        return Page(tuple(fresh), page.next)

    def count(self, client_id: str, audience: Audience) -> int:
        """At most: who is in two parts counts twice."""
        known = 0
        for part in _parts(audience):
            if part is None:
                known += len(dict.fromkeys(audience.lead_ids))
            else:
                known += self._store.page(client_id, part, _BY_TIME, 1, None).total or 0
        return known

    def refusals(self, client_id: str, leads: Collection[Lead], channel: Channel) -> Mapping[str, str]:  # noqa: ARG002
        """Who withdrew or refused consent. Unknown may be written to."""
        found = {lead.id: lead.consent.get(channel.value) for lead in leads}
        return {lead_id: "consent was withdrawn" for lead_id, each in found.items() if each and not each.granted}


def _parts(audience: Audience) -> list[Filter | None]:
    """None stands for the named leads."""
    if audience.all:
        return [Filter()]
    named: list[Filter | None] = [None] if audience.lead_ids else []
    lists = [replace(Filter(), lists=(each,)) for each in audience.list_ids]
    return [*named, *lists, *(replace(Filter(), segments=(each,)) for each in audience.segment_ids)]


def _in_earlier(lead: Lead, audience: Audience, earlier: list[Filter]) -> bool:
    if lead.id in audience.lead_ids and not audience.all:
        return True
    return any(set(each.lists) & set(lead.list_ids) or set(each.segments) & set(lead.segment_ids) for each in earlier)
