"""Where SDKs post events: our own `/sdk/event`, and other products' endpoints, at their own paths only."""

from infra.declarations import Feature, Function, Grant, PersonalData, Routes

_SEGMENT = ("/v1", "/beacon", "/sourceConfig")  # and RudderStack's
_POSTHOG = ("/batch", "/e", "/i", "/track", "/engage", "/capture", "/s", "/flags", "/decide", "/array")
_OTHERS = ("/events", "/v0")  # Adtivity's web SDK, Formo
_THEIRS = (*_SEGMENT, *_POSTHOG, *_OTHERS)

FEATURE = Feature(
    name="ingest",
    personal_data=(PersonalData(package="events.eventlog", tables=("events",)),),
    functions=(
        Function(
            name="ingest",
            feature="ingest",
            routes=(Routes("/sdk"), *(Routes(path, prefixes="own") for path in _THEIRS)),
            memory=512,
            reserved=100,
            grants=(
                Grant("table", "core", ("GetItem", "BatchGetItem", "UpdateItem")),
                Grant("table", "events", ("PutItem", "BatchWriteItem")),
                Grant("queue", "arrivals", ("SendMessage",)),
                Grant("table", "ephemeral", ("BatchWriteItem",)),  # verdicts on rejected events
            ),
        ),
    ),
)
