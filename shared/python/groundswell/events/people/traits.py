"""What events say of a person, put together in the order in which it was true. Pure."""

from collections.abc import Iterable

import msgspec

from groundswell.events.eventlog.model import Event

_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_MOST = 1_000


def merged(events: Iterable[Event]) -> dict[str, bytes]:
    """The traits after those events, which come oldest first. A later value replaces an earlier one, but what was set
    once stays; at most 1,000 names are kept."""
    traits: dict[str, bytes] = {}
    for event in events:
        if event.kind == "group":
            continue
        once = _set(event, "$set_once")
        always = _read(event.traits) | _set(event, "$set")
        for name, value in always.items():
            sticks = name in once and name not in _set(event, "$set")
            if (name in traits or len(traits) < _MOST) and not (sticks and name in traits):
                traits[name] = bytes(value)
        for name, value in once.items():
            if len(traits) < _MOST:
                traits.setdefault(name, bytes(value))
    return traits


def _set(event: Event, name: str) -> dict[str, msgspec.Raw]:
    """As PostHog's SDKs say it, beside the event or among its properties."""
    wanted = f'"{name}"'.encode()
    return {
        key: value
        for part in (event.properties, event.extra)
        if wanted in part
        for key, value in _read(bytes(_read(part).get(name, b""))).items()
    }


def _read(raw: bytes) -> dict[str, msgspec.Raw]:
    if raw[:1] != b"{":
        return {}
    try:
        return _members.decode(raw)
    except msgspec.MsgspecError:
        return {}
