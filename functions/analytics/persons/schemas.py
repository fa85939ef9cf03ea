"""Wire shapes of persons and wallets."""

from typing import Any

import msgspec

from groundswell.analytics.questions.listing import Visit
from groundswell.events.people.model import Profile, Wallet
from groundswell.http.schema import Out, Time
from groundswell.http.timestamps import timestamp_of
from groundswell.kernel.clock import spelled


class WalletOut(Out):
    address: str
    accounts: list[str]
    verified: bool
    first_seen: Time
    last_seen: Time
    events: int


class ProfileOut(Out):
    id: str
    user_ids: list[str]
    anonymous_ids: list[str]
    wallets: list[WalletOut]
    traits: dict[str, Any]
    first_seen: Time
    last_seen: Time
    events: int
    names: dict[str, int]
    complete: bool
    as_of: Time


class VisitOut(Out):
    id: str
    first_seen: Time
    last_seen: Time
    events: int


def visit_out(visit: Visit) -> VisitOut:
    first, last = (timestamp_of(ts) for ts in (visit.first_seen, visit.last_seen))
    return VisitOut(id=visit.person, first_seen=first, last_seen=last, events=visit.events)


def profile_out(profile: Profile) -> dict[str, Any]:
    """What `ProfileOut` describes, with traits as they were written."""
    return {
        "id": profile.id,
        "user_ids": profile.user_ids,
        "anonymous_ids": profile.anonymous_ids,
        "wallets": [_wallet(wallet) for wallet in profile.wallets],
        "traits": {name: msgspec.Raw(value) for name, value in profile.traits.items()},
        "first_seen": spelled(profile.first_seen),
        "last_seen": spelled(profile.last_seen),
        "events": profile.events,
        "names": profile.names,
        "complete": profile.complete,
        "as_of": spelled(profile.as_of),
    }


def _wallet(wallet: Wallet) -> dict[str, Any]:
    times = {"first_seen": spelled(wallet.first_seen), "last_seen": spelled(wallet.last_seen)}
    attributes = {"address": wallet.address, "accounts": wallet.accounts, "verified": wallet.verified}
    return {**attributes, **times, "events": wallet.events}
