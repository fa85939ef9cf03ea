"""What the events of a block say about who is who, from its columns. Pure."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from groundswell.events.eventlog.block import Block
from groundswell.events.eventlog.identifiers import NAMING, identifies
from groundswell.events.eventlog.identity_graph import EdgeKind, Link
from groundswell.kernel.email import LONGEST, email_key
from groundswell.personal_data.identifiers import Identifier, IdKind, wallet

_text = msgspec.json.Decoder(str | int | None)


class Sighting(NamedTuple):
    """The ids that one event names. `previous` is whom an alias replaces, or what PostHog's `$identify` knew a user by
    before: there, users and visitors share their ids."""

    ts: int
    user: str | None
    visitor: str | None
    wallet: str | None
    previous: str | None
    identifies: bool = False
    """The user is one, and the previous id is somebody's own if that was ever identified too."""
    email: str | None = None
    """The key of the address that the traits of an `identify` give."""


def sightings(block: Block) -> list[Sighting]:
    return [
        Sighting(*fields)
        for fields in zip(
            block.times,
            block.user_ids,
            block.anonymous_ids,
            wallets(block),
            _previous(block),
            map(identifies, block.kinds, block.names),
            _emails(block),
            strict=True,
        )
    ]


def wallets(block: Block) -> list[str | None]:
    """The address that each event names."""
    addresses, accounts = block.column("web3.address"), block.column("web3.account")
    known: dict[bytes, str | None] = {b"": None}
    column = []
    for address, account in zip(addresses, accounts, strict=True):
        raw = address if address not in (b"", b"null") else account
        if raw not in known:
            known[raw] = wallet(text) if (text := _read(raw)) else None
        column.append(known[raw])
    return column


def _previous(block: Block) -> list[str | None]:
    if NAMING.isdisjoint(block.kinds):
        return [None] * len(block)
    raws = block.column("extra.previous_id")
    return [_read(raw) if kind in NAMING else None for kind, raw in zip(block.kinds, raws, strict=True)]


def _emails(block: Block) -> list[str | None]:
    if "identify" not in block.kinds:
        return [None] * len(block)
    raws = block.column("traits.email")
    return [_email(raw) if raw and kind == "identify" else None for kind, raw in zip(block.kinds, raws, strict=True)]


def _email(raw: bytes) -> str | None:
    address = email_key(_read(raw) or "")
    return address if 3 <= len(address) <= LONGEST and "@" in address[1:-1] else None


def _read(raw: bytes) -> str | None:
    try:
        text = _text.decode(raw) if raw else None
    except msgspec.MsgspecError:
        return None
    return None if text is None or text == "" else str(text)


def links(seen: Iterable[Sighting]) -> Iterator[Link]:
    for sight in seen:
        ts, user, visitor, address, previous, claims, _ = sight
        yield from _email_links(sight)
        if user:
            if visitor:
                yield Link(EdgeKind.VISITOR_USER, visitor, user, ts)
            if address:
                yield Link(EdgeKind.WALLET_USER, address, user, ts)
            if claims:
                yield Link(EdgeKind.IDENTIFIED, user, user, ts)
            if previous:
                yield Link(EdgeKind.CLAIM if claims else EdgeKind.ALIAS, previous, user, ts)
                yield Link(EdgeKind.VISITOR_USER, previous, user, ts)
        elif visitor and address:
            yield Link(EdgeKind.WALLET_VISITOR, address, visitor, ts)
            yield Link(EdgeKind.VISITOR_WALLET, visitor, address, ts)


def _email_links(seen: Sighting) -> Iterator[Link]:
    """An address as theirs."""
    who = seen.user or seen.visitor
    if seen.email and who:
        yield Link(EdgeKind.EMAIL_USER if seen.user else EdgeKind.EMAIL_VISITOR, seen.email, who, seen.ts)


def identifiers(seen: Sighting) -> Iterator[Identifier]:
    """By which of its ids an event is found again."""
    if seen.user:
        yield Identifier(IdKind.USER, seen.user)
    if seen.visitor:
        yield Identifier(IdKind.ANONYMOUS, seen.visitor)
    if seen.wallet:
        yield Identifier(IdKind.WALLET, seen.wallet)
    if seen.previous:
        yield Identifier(IdKind.USER, seen.previous)
        yield Identifier(IdKind.ANONYMOUS, seen.previous)
