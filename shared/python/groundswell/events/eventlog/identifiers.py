"""What an event says about who it is of."""

from collections import deque
from collections.abc import Collection, Iterator
from itertools import islice

import msgspec

from groundswell.events.eventlog.model import Event
from groundswell.personal_data.identifiers import EVENT_KINDS, Identifier, IdKind, wallet

NAMING = frozenset({"alias", "identify"})
"""Kinds of events that may say by what somebody was known before: `previous_id`."""


def identifies(kind: str, name: str) -> bool:
    """Whether the event says that its user is one, and claims the id before: PostHog's calls that refuse to merge two
    users. Segment's alias and `$merge_dangerously` are asked to."""
    return kind in NAMING and name in ("$identify", "$create_alias")


class _Web3(msgspec.Struct):
    address: str | None = None
    account: str | None = None


class _Extra(msgspec.Struct):
    previous_id: str | int | None = None


_web3 = msgspec.json.Decoder(_Web3)
_extra = msgspec.json.Decoder(_Extra)


def identifiers(event: Event) -> Iterator[Identifier]:
    """Everybody whom the event names. What an alias replaces may be a user or nobody yet: it is taken for both."""
    if event.user_id:
        yield Identifier(IdKind.USER, event.user_id)
    if event.anonymous_id:
        yield Identifier(IdKind.ANONYMOUS, event.anonymous_id)
    for address in wallets(event):
        yield Identifier(IdKind.WALLET, address)
    previous = previous_id(event)
    if previous:
        yield Identifier(IdKind.USER, previous)
        yield Identifier(IdKind.ANONYMOUS, previous)


_MOST = 200
_json = msgspec.json.Decoder()


def named_in(raw: bytes, client_id: str, listed: Collection[bytes]) -> bool:
    """Whether one of the first texts anywhere in it names somebody of the list: for what is JSON and no event."""
    if not listed:
        return False
    try:
        texts = islice(_texts(_json.decode(raw)), _MOST)
    except (msgspec.MsgspecError, RecursionError):
        return False
    return any(Identifier.of(kind, text).digest(client_id) in listed for text in texts for kind in EVENT_KINDS)


def _texts(value: object) -> Iterator[str]:
    """Without recursion: nobody knows how deep it is."""
    waiting = deque([value])
    while waiting:
        one = waiting.popleft()
        if isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, str | int) and not isinstance(one, bool):
            yield str(one)


def wallets(event: Event) -> Iterator[str]:
    if event.web3:
        fields = _read(_web3, event.web3, _Web3())
        if fields.address or fields.account:
            yield wallet(fields.address or fields.account or "")


def previous_id(event: Event) -> str | None:
    """Whom an alias replaces, or whom PostHog's `$identify` knew by another id."""
    if event.kind not in NAMING or not event.extra:
        return None
    previous = _read(_extra, event.extra, _Extra()).previous_id
    return None if previous is None else str(previous)


def _read[T](decoder: msgspec.json.Decoder[T], raw: bytes, otherwise: T) -> T:
    try:
        return decoder.decode(raw)
    except msgspec.MsgspecError:
        return otherwise
