"""Who is on which list: added, asked to confirm, confirmed, gone."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Protocol

from groundswell.access.model import ClientContext
from groundswell.audience import membership
from groundswell.audience.confirmation import PURPOSE, VALID_FOR, request_mail
from groundswell.audience.model import Channel, MailingList, Member, MemberNotFound, MemberStatus, Reason
from groundswell.kernel.errors import DomainError, PreconditionFailed
from groundswell.kernel.message import Message
from groundswell.kernel.page import Page, Position
from groundswell.leads.edits import edited
from groundswell.leads.model import LISTS_AT_MOST, Lead
from groundswell.leads.timeline import Entry
from groundswell.links.model import Claims, Link

_ATTEMPTS = 8


class MemberStore(Protocol):
    def leads(self, client_id: str, lead_ids: Collection[str]) -> Mapping[str, Lead]:
        """By the ids asked for; of one that was merged, the lead that it went into."""

    def find(self, client_id: str, list_id: str, lead_ids: Collection[str]) -> Mapping[str, Member]: ...

    def page(
        self, client_id: str, list_id: str, status: MemberStatus | None, limit: int, position: Position | None
    ) -> Page[Member]: ...

    def of_lead(self, client_id: str, lead_id: str) -> Sequence[Member]:
        """All its memberships."""

    def save(
        self,
        member: Member,
        leads: tuple[Lead, Lead],
        entry: Entry | None,
        messages: Sequence[Message],
    ) -> Member:
        """Raises PreconditionFailed if someone else changed the member or the lead."""

    def remove(self, member: Member, leads: tuple[Lead, Lead] | None) -> None:
        """`leads` is None where the lead is gone. Raises PreconditionFailed."""


class Lists(Protocol):
    def get(self, client_id: str, list_id: str) -> MailingList:
        """Raises ListNotFound."""
        ...


class Links(Protocol):
    def sign(self, client_id: str, purpose: str, claims: Claims, expires: datetime | None = None) -> str: ...

    def open(self, purpose: str, token: str) -> Link:
        """Raises LinkUnknown, LinkExpired."""
        ...


class OptOuts(Protocol):
    def reasons(self, client_id: str, leads: Sequence[Lead], channel: Channel) -> Mapping[str, Reason]:
        """Of those leads whose address is not to be written to."""
        ...

    def lift(self, client_id: str, channel: Channel, address: str) -> None:
        """The person unsubscribed, and wants to hear again."""
        ...


@dataclass(frozen=True)
class Joining:
    """What came of adding a lead: its membership, or why there is none."""

    lead_id: str
    member: Member | None
    error: str | None = None


class MemberService:
    """`address` is where public pages are reached."""

    def __init__(
        self,
        store: MemberStore,
        lists: Lists,
        opt_outs: OptOuts,
        links: Links,
        address: Callable[[], str],
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._lists = lists
        self._opt_outs = opt_outs
        self._links = links
        self._address = address
        self._now = now
        self._new_id = new_id

    def page(
        self, client_id: str, list_id: str, status: MemberStatus | None, limit: int, position: Position | None
    ) -> Page[tuple[Member, Lead]]:
        """With their leads; whose lead is gone is left out. Raises ListNotFound."""
        self._lists.get(client_id, list_id)
        page = self._store.page(client_id, list_id, status, limit, position)
        leads = self._store.leads(client_id, [member.lead_id for member in page.items])
        return Page(
            tuple((member, leads[member.lead_id]) for member in page.items if member.lead_id in leads), page.next
        )

    def get(self, client_id: str, list_id: str, lead_id: str) -> tuple[Member, Lead]:
        """Raises ListNotFound, MemberNotFound."""
        self._lists.get(client_id, list_id)
        return self._known(client_id, list_id, lead_id)

    def of_lead(self, client_id: str, lead_id: str) -> Sequence[tuple[MailingList, Member]]:
        """The lists that a lead is on, or was: what a page of preferences shows."""
        memberships = []
        for member in self._store.of_lead(client_id, lead_id):
            try:
                memberships.append((self._lists.get(client_id, member.list_id), member))
            except DomainError:  # the list was deleted
                continue
        return memberships

    def add(
        self,
        who: ClientContext,
        list_id: str,
        lead_ids: Sequence[str],
        *,
        source: str | None = None,
        own: bool = False,
    ) -> Sequence[Joining]:
        """Leads onto a list, each on its own. `own`: they asked for it themselves, by a form: who unsubscribed comes
        back only so. On a double opt-in list a mail asks them to confirm. Repeats change nothing.

        Raises ListNotFound.
        """
        mailing_list = self._lists.get(who.client_id, list_id)
        return [self._added(who, mailing_list, lead_id, source, own=own) for lead_id in dict.fromkeys(lead_ids)]

    def confirm(self, token: str, network: str | None = None) -> tuple[MailingList, Member]:
        """What the link in a confirmation mail does; again, nothing more. `network` is the visitor's, for the ledger of
        consents. Raises LinkUnknown, LinkExpired,
        ListNotFound, MemberNotFound."""
        mailing_list, member = self.invited(token)
        client_id = mailing_list.client_id
        if member.status is MemberStatus.PENDING:
            _, lead = self._known(client_id, member.list_id, member.lead_id)
            self._opt_outs.lift(client_id, Channel.EMAIL, lead.email or "")
        agreed = partial(_agreed, network=network)
        return mailing_list, self._changed(client_id, member.list_id, member.lead_id, membership.confirmed, agreed)

    def invited(self, token: str) -> tuple[MailingList, Member]:
        """Whom the link is for, and what to: nothing is changed. Raises as `confirm`."""
        link = self._links.open(PURPOSE, token)
        list_id, lead_id = str(link.claims["list"]), str(link.claims["lead"])
        return self._lists.get(link.client_id, list_id), self._known(link.client_id, list_id, lead_id)[0]

    def unsubscribe(self, client_id: str, list_id: str, lead_id: str) -> Member:
        """The person leaves this list; a repeat changes nothing. Raises ListNotFound, MemberNotFound."""
        self._lists.get(client_id, list_id)
        return self._changed(client_id, list_id, lead_id, membership.left)

    def remove(self, client_id: str, list_id: str, lead_id: str) -> None:
        """As if it had never been on it. Raises ListNotFound, MemberNotFound."""
        self._lists.get(client_id, list_id)
        for _ in range(_ATTEMPTS):
            member, lead = self._known(client_id, list_id, lead_id)
            try:
                return self._store.remove(member, (lead, _on(lead, None, list_id)))
            except PreconditionFailed:
                continue
        raise PreconditionFailed

    def _known(self, client_id: str, list_id: str, lead_id: str) -> tuple[Member, Lead]:
        member = self._store.find(client_id, list_id, [lead_id]).get(lead_id)
        lead = self._store.leads(client_id, [lead_id]).get(lead_id)
        if member is None or lead is None:
            raise MemberNotFound
        return member, lead

    def _added(
        self, who: ClientContext, mailing_list: MailingList, lead_id: str, source: str | None, *, own: bool
    ) -> Joining:
        for _ in range(_ATTEMPTS):
            lead = self._store.leads(who.client_id, [lead_id]).get(lead_id)
            if lead is None:
                return Joining(lead_id, None, "LEAD_NOT_FOUND")
            known = self._store.find(who.client_id, mailing_list.id, [lead.id]).get(lead.id)
            now = self._now()
            member = membership.joined(known, mailing_list, lead.id, by=who.actor_id, source=source, own=own, now=now)
            after = _on(lead, member, mailing_list.id)
            if len(after.list_ids) > LISTS_AT_MOST:
                return Joining(lead_id, None, "TOO_MANY_LISTS")
            if member == known and after == lead:
                return Joining(lead_id, member)
            asking = self._asking(mailing_list, lead, member, own) if membership.needs_asking(known, member) else []
            entry = self._entry(member, mailing_list, who.actor_id) if member != known else None
            try:
                return Joining(lead_id, self._store.save(member, (lead, after), entry, asking))
            except PreconditionFailed:
                continue
        raise PreconditionFailed

    def _changed(
        self,
        client_id: str,
        list_id: str,
        lead_id: str,
        change: Callable[[Member, datetime], Member],
        also: Callable[[Lead, MailingList, datetime], Lead] = lambda lead, *_: lead,
    ) -> Member:
        for _ in range(_ATTEMPTS):
            known, lead = self._known(client_id, list_id, lead_id)
            member = change(known, self._now())
            if member == known:
                return known
            mailing_list = self._lists.get(client_id, list_id)
            after = also(_on(lead, member, list_id), mailing_list, member.updated_at)
            try:
                return self._store.save(member, (lead, after), self._entry(member, mailing_list, "person"), [])
            except PreconditionFailed:
                continue
        raise PreconditionFailed

    def _asking(self, mailing_list: MailingList, lead: Lead, member: Member, own: bool) -> list[Message]:
        """Who has no address is asked nothing, and stays pending; so is who opted out, unless they come back by
        themselves: a mailbox that bounces or complained is not written to at all."""
        reason = self._opt_outs.reasons(member.client_id, [lead], Channel.EMAIL).get(lead.id)
        if not lead.email or (reason and not (own and reason is Reason.UNSUBSCRIBED)):
            return []
        claims = {"list": mailing_list.id, "lead": lead.id}
        token = self._links.sign(member.client_id, PURPOSE, claims, self._now() + VALID_FOR)
        return [request_mail(self._new_id(), lead, mailing_list, f"{self._address()}/c/{token}").to_message()]

    def _entry(self, member: Member, mailing_list: MailingList, by: str) -> Entry:
        return Entry(
            self._new_id(),
            member.updated_at,
            "audience",
            member.status.value,
            f"{member.status.value.capitalize()}: {mailing_list.name}",
            by,
            "audience_list",
            mailing_list.id,
        )


def _on(lead: Lead, member: Member | None, list_id: str) -> Lead:
    return replace(lead, list_ids=membership.listed(lead.list_ids, member, list_id))


def _agreed(lead: Lead, mailing_list: MailingList, now: datetime, *, network: str | None) -> Lead:
    """Whoever confirms by the link in a mail has that mailbox, and agreed to being written to."""
    consent = {"email": {"granted": True, "source": "double opt-in", "text": f"Confirmed: {mailing_list.name}"}}
    return edited(lead, {"consent": consent}, by="person", network=network, now=now)
