"""How a lead comes onto a list and leaves it. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from groundswell.audience.model import MailingList, Member, MemberStatus, OptIn

ASKED_AGAIN_AFTER = timedelta(days=1)
"""Whoever fills in a form ten times gets one mail."""
_PENDING = MemberStatus.PENDING


def joined(
    known: Member | None,
    mailing_list: MailingList,
    lead_id: str,
    *,
    by: str,
    source: str | None,
    own: bool,
    now: datetime,
) -> Member:
    """`own`: the person asked for it. A repeat never undoes what was confirmed; who left comes back by an own act
    only."""
    if known is None:
        new = Member(mailing_list.client_id, mailing_list.id, lead_id, _PENDING, by, now, now, source)
        return _begun(new, mailing_list, now)
    if known.status is _PENDING and now - (known.asked_at or known.created_at) >= ASKED_AGAIN_AFTER:
        return replace(known, asked_at=now, updated_at=now)
    if known.status is MemberStatus.UNSUBSCRIBED and own:
        return _begun(replace(known, source=source, updated_at=now), mailing_list, now)
    return known


def confirmed(member: Member, now: datetime) -> Member:
    """Who left meanwhile stays away: an old link does not bring them back."""
    if member.status is not MemberStatus.PENDING:
        return member
    return replace(member, status=MemberStatus.SUBSCRIBED, confirmed_at=now, updated_at=now)


def left(member: Member, now: datetime) -> Member:
    if member.status is MemberStatus.UNSUBSCRIBED:
        return member
    return replace(member, status=MemberStatus.UNSUBSCRIBED, unsubscribed_at=now, updated_at=now)


def listed(list_ids: tuple[str, ...], member: Member | None, list_id: str) -> tuple[str, ...]:
    """The lists of a lead whose membership is now that."""
    others = tuple(other_id for other_id in list_ids if other_id != list_id)
    if member is None or member.status is not MemberStatus.SUBSCRIBED:
        return others
    return list_ids if list_id in list_ids else (*others, list_id)


def needs_asking(before: Member | None, after: Member) -> bool:
    """Whether a mail has to ask for the confirmation."""
    return after.status is MemberStatus.PENDING and after.asked_at != (before.asked_at if before else None)


def _begun(member: Member, mailing_list: MailingList, now: datetime) -> Member:
    if mailing_list.opt_in is OptIn.DOUBLE:
        return replace(member, status=_PENDING, asked_at=now, confirmed_at=None)
    return replace(member, status=MemberStatus.SUBSCRIBED, confirmed_at=None)
