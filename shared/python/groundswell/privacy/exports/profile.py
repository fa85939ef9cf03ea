"""The profile in an export: what `people.profiles` shows, of all events, from a stream of them in any order."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from groundswell.events.eventlog.identifiers import wallets
from groundswell.events.eventlog.model import Event
from groundswell.events.people.traits import merged
from groundswell.personal_data.identifiers import Identifier, IdKind

PROOFS = "wallet_proofs"
"""The file of the feature that knows whose a wallet was proven to be."""
_SAYS_TRAITS = (b"$set", b"$set_once")


class _Line(msgspec.Struct):
    """What of a line of events the profile is made of."""

    id: str
    kind: str
    name: str
    ts: str
    user_id: str | None = None
    anonymous_id: str | None = None
    properties: msgspec.Raw = msgspec.Raw()
    traits: msgspec.Raw = msgspec.Raw()
    web3: msgspec.Raw = msgspec.Raw()
    extra: msgspec.Raw = msgspec.Raw()
    merged: bool = False


_decoder = msgspec.json.Decoder(_Line)


class Summary:
    def __init__(self) -> None:
        self._users: set[str] = set()
        self._visitors: set[str] = set()
        self._wallets: Counter[str] = Counter()
        self._names: Counter[str] = Counter()
        self._telling: list[tuple[str, int, Event]] = []
        self._first = self._last = ""
        self.events = 0

    def add(self, line: bytes) -> None:
        said = _decoder.decode(line)
        self._users |= {said.user_id} if said.user_id else set()
        self._visitors |= {said.anonymous_id} if said.anonymous_id else set()
        event = _event(said)
        if event.traits or any(mark in part for mark in _SAYS_TRAITS for part in (event.properties, event.extra)):
            self._telling.append((said.ts, len(self._telling), event))
        used = list(wallets(event))
        self._wallets.update(dict.fromkeys(used, 0) if said.merged else used)
        if not said.merged:
            self._first = min(self._first or said.ts, said.ts)
            self._last = max(self._last, said.ts)
            self._names[said.name] += 1
            self.events += 1

    def shown(self, proofs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """`proofs` are the wallets that were proven to be the person's."""
        verified = {proof["address"]: proof for proof in proofs}
        traits = merged(event for _, _, event in sorted(self._telling, key=lambda each: each[:2]))
        found = {
            address: {"address": address, "events": self._wallets[address], "proof": verified.get(address)}
            for address in {*self._wallets, *verified}
        }
        return {
            "user_ids": sorted(self._users),
            "anonymous_ids": sorted(self._visitors),
            "wallets": [found[address] for address in sorted(found)],
            "traits": {name: msgspec.Raw(value) for name, value in traits.items()},
            "first_seen": self._first or None,
            "last_seen": self._last or None,
            "events": self.events,
            "names": dict(self._names.most_common()),
        }


def identities(ids: Sequence[Identifier], profile: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Everything by which they are known: what was asked after, and what events say."""
    known = {(each.kind.value, each.value) for each in ids}
    seen = {(IdKind.USER.value, each) for each in profile["user_ids"]}
    seen |= {(IdKind.ANONYMOUS.value, each) for each in profile["anonymous_ids"]}
    seen |= {(IdKind.WALLET.value, each["address"]) for each in profile["wallets"]}
    return [{"kind": kind, "value": value, "seen": (kind, value) in seen} for kind, value in sorted(known | seen)]


def _event(said: _Line) -> Event:
    return Event(
        id=said.id,
        kind=said.kind,
        name=said.name,
        ts=0,
        properties=bytes(said.properties),
        traits=bytes(said.traits),
        web3=bytes(said.web3),
        extra=bytes(said.extra),
    )
