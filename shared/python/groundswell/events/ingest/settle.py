"""When an event happened, and which event it is when it does not say."""

from hashlib import blake2b

import msgspec

from groundswell.events.eventlog.model import HOUR

_SKEW = 60_000  # below, the client's clock is as good as ours and retries would only move events about
_FUTURE = 23 * HOUR
LATE = 24 * HOUR
"""An event that much older than its arrival changes days that somebody may have looked at already."""


def correct_clock_skew(received: int, client_ts: int | None, sent_at: int | None) -> tuple[int, str]:
    """The corrected time and its quality. However old a time is, it is kept: imports of history are legitimate."""
    if client_ts is None:
        return received, "received"
    ts, quality = client_ts, "client"
    if sent_at is not None and sent_at >= client_ts and abs(received - sent_at) > _SKEW:
        ts, quality = received - (sent_at - client_ts), "corrected"
    if not 0 <= ts <= received + _FUTURE:
        return received, "clamped"
    return ts, quality


def derived_id(client_id: str, who: str | None, name: str, client_ts: int, properties: bytes) -> str:
    """For an event that comes without an id: the same event sent again gets the same one."""
    parts = (client_id, who or "", name, str(client_ts))
    digest = blake2b(digest_size=16, person=b"event id")
    for part in (*(part.encode("utf-8", "surrogatepass") for part in parts), _canonical(properties)):
        digest.update(len(part).to_bytes(4, "big") + part)
    return f"gs-{digest.hexdigest()}"


def repeated_id(client_id: str, key: str, index: int) -> str:
    """For event number `index` of a request that names itself by an Idempotency-Key."""
    return f"gs-{blake2b(f'{client_id}\0{key}\0{index}'.encode(), digest_size=16, person=b'request id').hexdigest()}"


def _canonical(raw: bytes) -> bytes:
    """The same bytes for the same object, whatever its spacing and the order of its members."""
    if not raw:
        return b"{}"
    try:
        return msgspec.json.encode(msgspec.json.decode(raw), order="sorted")
    except (msgspec.MsgspecError, OverflowError, RecursionError):
        return raw
