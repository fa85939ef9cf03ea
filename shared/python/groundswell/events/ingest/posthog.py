"""PostHog's events, as its SDKs send them to any of its capture endpoints."""

from collections.abc import Mapping

import msgspec

from groundswell.events.eventlog.identifiers import identifies, previous_id
from groundswell.events.eventlog.model import Event
from groundswell.events.ingest.claims import Claims
from groundswell.events.ingest.events import ARRIVAL, Delivery, Identified, canonical, event_name
from groundswell.events.ingest.fields import Fields
from groundswell.events.ingest.verdict import Unacceptable

_SPELLINGS = {
    **{name: name for name in ("event", "distinct_id", "timestamp", "offset", "properties", "options", "session_id")},
    **{name: name for name in ("$set", "$set_once")},
    "uuid": "message_id",
}
_INNER = {
    **{name: name for name in ("distinct_id", "alias", "$anon_distinct_id", "$device_id", "$session_id", "$insert_id")},
    **{name: name for name in ("$is_identified", "$process_person_profile", "$ignore_sent_at", "$set", "$set_once")},
    **{name: name for name in ("$group_key", "$group_type", "$group_set", "$lib", "$lib_version", "token")},
    **{name: name for name in ("$current_url", "$pathname", "$referrer", "title", "$raw_user_agent", "$timezone")},
    **{f"utm_{name}": f"utm_{name}" for name in ("source", "medium", "campaign", "term", "content")},
}
_OPTIONS = {"process_person_profile": "$process_person_profile", "disable_skew_correction": "$ignore_sent_at"}
_KINDS = {
    "$pageview": "page",
    "$screen": "screen",
    "$identify": "identify",
    "$set": "identify",
    "$create_alias": "alias",
    "$merge_dangerously": "alias",
    "$groupidentify": "group",
}
_UNWANTED = ("$snapshot", "$snapshot_items", "$performance_event")
_ALIAS_IS_THE_NEW_ID = (b'"posthog-python"', b'"web"')
_KEPT = ("group_id", "previous_id", "device_id")
_PAGE = {"url": "$current_url", "path": "$pathname", "referrer": "$referrer", "title": "title"}
_CAMPAIGN = {name: f"utm_{name}" for name in ("source", "medium", "term", "content")} | {"name": "utm_campaign"}
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])


class PosthogReader:
    """Reads the events of one request. Names stay as the SDK says them, with their dollar signs."""

    def __init__(self, delivery: Delivery, library: str = "", claims: Claims | None = None) -> None:
        """`library` is the SDK's name where the request has it and the events do not."""
        self._claims = claims or Claims()
        self._delivery = delivery
        self._unskewed = msgspec.structs.replace(delivery, sent_at=None)
        self._library = msgspec.json.encode(library) if library else b""

    def read(self, raw: bytes, index: int) -> Event:
        """Raises Unacceptable."""
        fields = Fields(raw, _SPELLINGS, strict=False)
        name = event_name(fields.text("event"))
        if name in _UNWANTED:
            raise Unacceptable("unsupported_event", f"{name}: recordings are not kept here")
        properties = fields.object("properties")
        inner = Fields(properties or b"{}", _INNER, strict=False)
        inner.default("$lib", self._library)
        _adopt_options(inner, fields.object("options"))
        kind = _KINDS.get(name, "track")
        _who(fields, inner, kind)
        if fields.raw("distinct_id") == b'""':
            self._delivery.somebody(index, "distinct_id", "")
        fields.default("message_id", inner.raw("$insert_id"))
        fields.default("session_id", inner.raw("$session_id"))
        fields.default("traits", _traits(fields, inner, kind))
        delivery = self._unskewed if inner.raw("$ignore_sent_at") == b"true" else self._delivery
        message = Identified(
            kind=kind,
            name=name,
            properties=_without_key(properties) if inner.has("token") else properties,
            context=_context(inner),
            client_ts=self._when(fields, index),
            kept=_KEPT,
        )
        event = canonical(fields, message, delivery, index)
        self._warn_of_conflict(event, index)
        return event

    def _warn_of_conflict(self, event: Event, index: int) -> None:
        if event.user_id and identifies(event.kind, event.name):
            previous = previous_id(event)
            if self._claims.conflict(self._delivery.client_id, event.user_id, previous):
                self._delivery.warn(index, "already_identified", "the earlier id is another user's: they stay two")

    def _when(self, fields: Fields, index: int) -> int | None:
        """Or, of some SDKs, how long it is ago, in ms."""
        client_ts, age = self._delivery.moment(index, fields, "timestamp"), fields.hint("offset")
        if client_ts is not None or age is None or fields.raw("timestamp"):
            return client_ts
        try:
            return self._delivery.received - int(float(age))
        except (ValueError, OverflowError):
            self._delivery.warn(index, "invalid_timestamp", f"offset {ARRIVAL}")
            return None


def _adopt_options(inner: Fields, options: bytes) -> None:
    if options:
        fields = Fields(options, _OPTIONS, strict=False)
        for name in _OPTIONS.values():
            inner.default(name, fields.raw(name))


def _who(fields: Fields, inner: Fields, kind: str) -> None:
    """Names the person. Servers' SDKs know users only; browsers say whether an id is a user's yet."""
    fields.default("distinct_id", inner.raw("distinct_id"))
    distinct_id, who = fields.raw("distinct_id"), fields.text("distinct_id")
    if not distinct_id:
        raise Unacceptable("missing_distinct_id", "the event has no distinct_id")
    fields.default("device_id", inner.raw("$device_id"))
    if kind == "alias" and inner.has("alias"):
        is_new = inner.raw("$lib") in _ALIAS_IS_THE_NEW_ID
        fields.default("user_id", inner.raw("alias") if is_new else distinct_id)
        fields.default("previous_id", distinct_id if is_new else inner.raw("alias"))
        return
    if kind == "group":
        fields.default("group_id", inner.raw("$group_key"))
        group_type, group_key = inner.hint("$group_type") or "", inner.hint("$group_key") or ""
        if who in (f"${group_type}_{group_key}", f"{group_type}_{group_key}"):
            return
    anonymous = b"false" in (inner.raw("$is_identified"), inner.raw("$process_person_profile"))
    named = inner.has("$anon_distinct_id")  # the moment in which a browser's id becomes a user's
    fields.default("anonymous_id" if anonymous and not named else "user_id", distinct_id)
    fields.default("anonymous_id", inner.raw("$anon_distinct_id"))
    if named:  # events of before may have it as their user: PostHog has one kind of id, and few SDKs say which it is
        fields.default("previous_id", inner.raw("$anon_distinct_id"))


def _traits(fields: Fields, inner: Fields, kind: str) -> bytes:
    """What is set of the person, or of the group."""
    if kind == "group":
        return inner.object("$group_set")
    once = fields.object("$set_once") or inner.object("$set_once")
    always = fields.object("$set") or inner.object("$set")
    if once and always:
        return msgspec.json.encode(_members.decode(once) | _members.decode(always))
    return always or once


def _without_key(properties: bytes) -> bytes:
    """The browser SDK writes the API key into every event, where every reader would see it."""
    return msgspec.json.encode({name: raw for name, raw in _members.decode(properties).items() if name != "token"})


def _context(inner: Fields) -> bytes:
    """What browsers and libraries say about themselves, under the names that Segment gave it."""
    library = _named(inner, {"name": "$lib", "version": "$lib_version"})
    context = {
        "page": _named(inner, _PAGE) if inner.has("$current_url", "$referrer") else None,
        "campaign": _named(inner, _CAMPAIGN),
        "library": library,
        **_named(inner, {"userAgent": "$raw_user_agent", "timezone": "$timezone"}),
    }
    return msgspec.json.encode({name: value for name, value in context.items() if value})


def _named(inner: Fields, names: Mapping[str, str]) -> dict[str, msgspec.Raw]:
    values = {ours: inner.raw(theirs) for ours, theirs in names.items()}
    return {name: msgspec.Raw(raw) for name, raw in values.items() if raw not in (b"", b'"$direct"')}
