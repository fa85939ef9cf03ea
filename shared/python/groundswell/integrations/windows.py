"""Which days, or changes since when, a sync reads of a stream."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from groundswell.integrations.model import Connection, Sync
from groundswell.integrations.platform import Account, Stream


def first_of(stream: Stream, connection: Connection, sync: Sync, account: Account) -> str:
    """Where the reading of a part begins: a day, or a time in RFC 3339; empty for everything there is."""
    cursor = None if sync.full_refresh else connection.state(stream.name).cursors.get(account.id)
    if stream.window_days:
        return first_day(stream, connection, sync, account, cursor).isoformat()
    if sync.since:
        return datetime.combine(date.fromisoformat(sync.since), time(), UTC).isoformat()
    if cursor is None:
        return ""
    back = timedelta(days=_lookback(stream, connection)) if stream.rereads else timedelta()
    return (datetime.fromisoformat(cursor) - back - timedelta(minutes=stream.overlap_minutes)).isoformat()


def first_day(stream: Stream, connection: Connection, sync: Sync, account: Account, cursor: str | None) -> date:
    today = last_day(sync, account)
    if sync.since:
        return min(date.fromisoformat(sync.since), today)
    if cursor is None:
        return today - timedelta(days=stream.history_days - 1)
    return min(date.fromisoformat(cursor), today) - timedelta(days=_lookback(stream, connection))


def last_day(sync: Sync, account: Account) -> date:
    """The day that it is in the account's zone; it is read too, and again until it is over."""
    return sync.until.astimezone(zone_of(account)).date()


def window_end(stream: Stream, first: date, sync: Sync, account: Account) -> date:
    """The last day of the window that begins at `first`, inclusive."""
    return min(first + timedelta(days=(stream.window_days or 1) - 1), last_day(sync, account))


def next_window(stream: Stream, first: date, sync: Sync, account: Account) -> date | None:
    following = window_end(stream, first, sync, account) + timedelta(days=1)
    return following if following <= last_day(sync, account) else None


def reached(stream: Stream, sync: Sync, account: Account) -> str:
    """The cursor once a part is read."""
    return last_day(sync, account).isoformat() if stream.window_days else sync.until.isoformat()


def zone_of(account: Account) -> ZoneInfo:
    """UTC where the platform names none, or one that nobody knows."""
    try:
        return ZoneInfo(account.timezone or "UTC")
    except (LookupError, ValueError, OSError):
        return ZoneInfo("UTC")


def _lookback(stream: Stream, connection: Connection) -> int:
    return stream.lookback_days if connection.lookback_days is None else connection.lookback_days
