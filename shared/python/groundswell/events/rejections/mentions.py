"""Whom a rejected event names. It may be cut short, so it is read as text."""

import re
from collections.abc import Iterator

import msgspec

from groundswell.personal_data.identifiers import Identifier, IdKind

_NAMED = re.compile(r'"([$\w]{2,24})"\s*:\s*("(?:[^"\\]|\\.){1,1024}"|-?\d{1,30})')
_KINDS = {
    **dict.fromkeys(("userid", "alias"), (IdKind.USER,)),
    **dict.fromkeys(("anonymousid", "anondistinctid", "deviceid"), (IdKind.ANONYMOUS,)),
    **dict.fromkeys(("distinctid", "previousid"), (IdKind.USER, IdKind.ANONYMOUS)),
    **dict.fromkeys(("walletaddress", "account", "wallet"), (IdKind.WALLET,)),
}


def named_in(event: str) -> Iterator[Identifier]:
    """What is hidden in it names nobody."""
    for name, raw in _NAMED.findall(event):
        kinds = _KINDS.get(name.replace("_", "").replace("$", "").lower(), ())
        for kind in kinds:
            yield Identifier.of(kind, _text(raw))


def _text(raw: str) -> str:
    try:
        return str(msgspec.json.decode(raw))
    except msgspec.MsgspecError:
        return raw.strip('"')
