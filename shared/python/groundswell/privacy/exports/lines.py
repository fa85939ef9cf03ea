"""The lines of an export. Times are RFC 3339, amounts are text, and what an event carries is as it was written."""

import re
from collections.abc import Iterator

import msgspec

from groundswell.events.eventlog.identifiers import Identifier, IdKind
from groundswell.events.eventlog.model import Event
from groundswell.events.rejections.model import Rejected
from groundswell.kernel.clock import spelled

_SAME = ("id", "kind", "name", "ts_quality", "user_id", "anonymous_id", "session_id", "value", "currency", "fact")
_PARTS = ("properties", "traits", "context", "web3", "source", "extra")
_NAMED = re.compile(r'"([$\w]{2,24})"\s*:\s*("(?:[^"\\]|\\.){1,1024}"|-?\d{1,30})')
_KINDS = {
    **dict.fromkeys(("userid", "alias"), (IdKind.USER,)),
    **dict.fromkeys(("anonymousid", "anondistinctid", "deviceid"), (IdKind.ANONYMOUS,)),
    **dict.fromkeys(("distinctid", "previousid"), (IdKind.USER, IdKind.ANONYMOUS)),
    **dict.fromkeys(("walletaddress", "account", "wallet"), (IdKind.WALLET,)),
}


def event_line(event: Event, received: int, *, merged: bool = False) -> bytes:
    """`merged`: it is the second report of a fact, and does not count."""
    said = {name: getattr(event, name) for name in _SAME}
    times = {"ts": event.ts, "client_ts": event.client_ts, "sent_at": event.sent_at, "received_at": received}
    parts = {part: msgspec.Raw(raw) for part in _PARTS if (raw := getattr(event, part))}
    written = {name: None if time is None else spelled(time) for name, time in times.items()}
    return msgspec.json.encode({**said, **written, **parts, **({"merged": True} if merged else {})}) + b"\n"


def rejected_line(each: Rejected) -> bytes:
    said = {"index": each.index, "code": each.code, "message": each.message, "received_at": spelled(each.received)}
    return msgspec.json.encode({**said, "id": each.id, "name": each.name, "event": each.event}) + b"\n"


def named_in(event: str) -> Iterator[Identifier]:
    """Whom a rejected event names, which may be cut short. What is hidden in it names nobody."""
    for name, raw in _NAMED.findall(event):
        kinds = _KINDS.get(name.replace("_", "").replace("$", "").lower(), ())
        for kind in kinds:
            yield Identifier.of(kind, _text(raw))


def _text(raw: str) -> str:
    try:
        return str(msgspec.json.decode(raw))
    except msgspec.MsgspecError:
        return raw.strip('"')
