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
        row = _decoder.decode(line)
        self._users |= {row.user_id} if row.user_id else set()
        self._visitors |= {row.anonymous_id} if row.anonymous_id else set()
        event = _event(row)
        if event.traits or any(mark in part for mark in _SAYS_TRAITS for part in (event.properties, event.extra)):
            self._telling.append((row.ts, len(self._telling), event))
        used = list(wallets(event))
        self._wallets.update(dict.fromkeys(used, 0) if row.merged else used)
        if not row.merged:
            self._first = min(self._first or row.ts, row.ts)
            self._last = max(self._last, row.ts)
            self._names[row.name] += 1
            self.events += 1

    def shown(self, proofs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """`proofs` are the wallets that were proven to be the person's."""
        verified = {proof["address"]: proof for proof in proofs}
        traits = merged(event for _, _, event in sorted(self._telling, key=lambda entry: entry[:2]))
        wallet_rows = {
            address: {"address": address, "events": self._wallets[address], "proof": verified.get(address)}
            for address in {*self._wallets, *verified}
        }
        return {
            "user_ids": sorted(self._users),
            "anonymous_ids": sorted(self._visitors),
            "wallets": [wallet_rows[address] for address in sorted(wallet_rows)],
            "traits": {name: msgspec.Raw(value) for name, value in traits.items()},
            "first_seen": self._first or None,
            "last_seen": self._last or None,
            "events": self.events,
            "names": dict(self._names.most_common()),
        }


def identities(ids: Sequence[Identifier], profile: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Everything by which they are known: what was asked after, and what events say."""
    known = {(identifier.kind.value, identifier.value) for identifier in ids}
    seen = {(IdKind.USER.value, user_id) for user_id in profile["user_ids"]}
    seen |= {(IdKind.ANONYMOUS.value, anonymous_id) for anonymous_id in profile["anonymous_ids"]}
    seen |= {(IdKind.WALLET.value, wallet["address"]) for wallet in profile["wallets"]}
    return [{"kind": kind, "value": value, "seen": (kind, value) in seen} for kind, value in sorted(known | seen)]


def _event(line: _Line) -> Event:
    return Event(
        id=line.id,
        kind=line.kind,
        name=line.name,
        ts=0,
        properties=bytes(line.properties),
        traits=bytes(line.traits),
        web3=bytes(line.web3),
        extra=bytes(line.extra),
    )
