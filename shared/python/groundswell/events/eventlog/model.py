"""What the log holds. Times are milliseconds since 1970 (UTC) unless a name says otherwise."""

from dataclasses import dataclass
from typing import Literal

import msgspec

type Kind = Literal["track", "page", "screen", "identify", "group", "alias", "web3", "metric"]
type TimeQuality = Literal["client", "corrected", "clamped", "received"]

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WINDOW = 7 * DAY
"""An event id counts once among blocks received less than this apart."""
NO_CURRENCY = "XXX"
"""ISO 4217's code where none is involved: of amounts that came without one."""


class EventHeader(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What an event says outside its JSON parts. `ts` is when it happened, corrected; `client_ts` and `sent_at` are
    what the client said.

    `value` is a decimal as written, in `currency` if it is money. `fact` names what the event reports of a chain: two
    reports of one fact count once.
    """

    kind: str
    name: str
    ts: int
    client_ts: int | None = None
    sent_at: int | None = None
    user_id: str | None = None
    anonymous_id: str | None = None
    session_id: str | None = None
    value: str | None = None
    currency: str | None = None
    fact: str | None = None


class Event(EventHeader, frozen=True, kw_only=True, gc=False):
    """One canonical event. The JSON parts are raw objects (empty: absent), so that no number loses a digit."""

    id: str
    ts_quality: str = "client"
    properties: bytes = b""
    traits: bytes = b""
    context: bytes = b""
    web3: bytes = b""
    source: bytes = b""
    extra: bytes = b""


@dataclass(frozen=True)
class Log:
    """One sequence of commits: a client's `EVENTS`, or its metric points (`METRICS`)."""

    client_id: str
    shard: str


EVENTS = "0"
METRICS = "m"


def event_log(client_id: str) -> Log:
    """In which the client's events lie."""
    return Log(client_id, EVENTS)


def metric_log(client_id: str) -> Log:
    return Log(client_id, METRICS)
