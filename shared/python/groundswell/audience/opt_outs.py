"""Addresses that a client does not write to, and why. Not to be confused with suppressions: whose events it does not
collect."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from groundswell.access.model import ClientContext
from groundswell.audience.model import Channel, OptOut, OptOutNotFound, Reason, opt_out_id
from groundswell.audit.model import Entry
from groundswell.kernel.errors import Invalid, PreconditionFailed
from groundswell.kernel.page import Page, Position
from groundswell.leads.identities import Identity, IdentityKind, normalize
from groundswell.leads.model import Lead
from groundswell.leads.timeline import Entry as TimelineEntry

_ATTEMPTS = 6
KINDS = {Channel.EMAIL: IdentityKind.EMAIL, Channel.TELEGRAM: IdentityKind.TELEGRAM}


@dataclass(frozen=True)
class Known:
    """What somebody read of opt-outs together with something else: `ids` were looked for, `opt_outs` are there."""

    ids: frozenset[str] = frozenset()
    opt_outs: Mapping[str, OptOut] = field(default_factory=dict)


class OptOutStore(Protocol):
    def find(self, client_id: str, ids: Collection[str]) -> Mapping[str, OptOut]:
        """By id; a hundred are one call."""

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[OptOut]:
        """Newest first."""

    def holder(self, client_id: str, identity: Identity) -> str | None:
        """The lead with this address."""

    def save(self, opt_out: OptOut, lead_entry: tuple[str, TimelineEntry] | None, noted: Entry | None) -> OptOut:
        """`told` is a lead's id and what its timeline says. Raises PreconditionFailed."""

    def delete(self, opt_out: OptOut, noted: Entry | None) -> None: ...


class OptOutService:
    def __init__(self, store: OptOutStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[OptOut]:
        """Newest first."""
        return self._store.page(client_id, limit, position)

    def get(self, client_id: str, opt_out_id: str) -> OptOut:
        """Raises OptOutNotFound."""
        opt_out = self._store.find(client_id, [opt_out_id]).get(opt_out_id)
        if opt_out is None:
            raise OptOutNotFound
        return opt_out

    def find(self, client_id: str, channel: Channel, address: str) -> OptOut | None:
        """Raises Invalid for what is no address of the channel."""
        wanted = opt_out_id(client_id, channel, _spelt(channel, address))
        return self._store.find(client_id, [wanted]).get(wanted)

    def add(
        self,
        client_id: str,
        channel: Channel,
        address: str,
        reason: Reason,
        *,
        by: str,
        source: str | None = None,
        noted: Entry | None = None,
    ) -> tuple[OptOut, bool]:
        """(opt-out, whether it is new). A repeat changes nothing, unless its reason is a stronger one. The lead with
        this address is told in its timeline. Raises Invalid for what is no address of the channel."""
        known_as = _spelt(channel, address)
        wanted = opt_out_id(client_id, channel, known_as)
        for _ in range(_ATTEMPTS):
            known = self._store.find(client_id, [wanted]).get(wanted)
            if known and not reason.outweighs(known.reason):
                return known, False
            now = self._now()
            blank = OptOut(wanted, client_id, channel, known_as, reason, by, now, now, source)
            new = replace(known, address=known_as, reason=reason, source=source, updated_at=now) if known else blank
            try:
                return self._store.save(new, self._timeline_entry(new), noted), known is None
            except PreconditionFailed:
                continue
        raise PreconditionFailed

    def remove(self, who: ClientContext, opt_out_id: str) -> None:
        """The address may be written to again. Raises OptOutNotFound."""
        opt_out = self.get(who.client_id, opt_out_id)
        details = {"client": who.client_id, "channel": opt_out.channel.value, "reason": opt_out.reason.value}
        entry = Entry(who.org_id, "opt_out.removed", who.actor_id, f"opt_out:{opt_out.id}", details)
        self._store.delete(opt_out, entry)

    def lift(self, client_id: str, channel: Channel, address: str) -> None:
        """Who unsubscribed wants to hear again, and says so by a way that proves the address. Bounces and complaints
        stay."""
        wanted = opt_out_id(client_id, channel, address)
        opt_out = self._store.find(client_id, [wanted]).get(wanted)
        if opt_out and opt_out.reason is Reason.UNSUBSCRIBED:
            self._store.delete(opt_out, None)

    def reasons(
        self, client_id: str, leads: Sequence[Lead], channel: Channel, known: Known | None = None
    ) -> Mapping[str, Reason]:
        """Of those leads one of whose addresses on the channel opted out, aliases among them: it was the same
        person. Nothing is read where `known` says it all."""
        owners = {opt_out_id: lead.id for lead in leads for opt_out_id in opt_out_ids(client_id, lead, channel)}
        read = known or Known()
        missing = owners.keys() - read.ids
        fresh = self._store.find(client_id, list(owners)) if missing else read.opt_outs
        reasons: dict[str, Reason] = {}
        for opt_out in (fresh[owner] for owner in owners if owner in fresh):
            other = reasons.get(owners[opt_out.id])
            if other is None or opt_out.reason.outweighs(other):
                reasons[owners[opt_out.id]] = opt_out.reason
        return reasons

    def _timeline_entry(self, opt_out: OptOut) -> tuple[str, TimelineEntry] | None:
        lead_id = self._store.holder(opt_out.client_id, Identity(KINDS[opt_out.channel], opt_out.address or ""))
        if lead_id is None:
            return None
        entry = TimelineEntry(
            f"{opt_out.id}-{opt_out.reason}",
            opt_out.updated_at,
            opt_out.channel.value,
            "opted_out",
            f"Opted out: {opt_out.reason.value}",
            opt_out.created_by,
            "opt_out",
            opt_out.id,
        )
        return lead_id, entry


def addresses(lead: Lead, channel: Channel) -> Iterator[str]:
    """Where the channel reaches the lead, the address in use first."""
    kind = KINDS[channel]
    if own := getattr(lead, kind.value):
        yield own
    beginning = f"{kind.value}:"
    yield from (alias.removeprefix(beginning) for alias in lead.aliases if alias.startswith(beginning))


def opt_out_ids(client_id: str, lead: Lead, channel: Channel) -> list[str]:
    """Where opt-outs of the lead's addresses would be."""
    return [opt_out_id(client_id, channel, address) for address in addresses(lead, channel)]


def _spelt(channel: Channel, address: str) -> str:
    kind = KINDS[channel]
    try:
        return normalize(kind, address.strip())
    except ValueError as error:
        raise Invalid.on(kind.value, str(error)) from error
