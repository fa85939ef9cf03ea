"""Which days, or changes since when, a sync reads of a stream."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from groundswell.integrations.model import Connection, Position, StreamRun, Sync
from groundswell.integrations.platform import Account, Stream

RECORDS_AT_ONCE = 2_000
"""Of a window of several days. Its rows stay in memory until its last page, so that those can be deleted that the
platform no longer tells: an account that has more is read in shorter windows."""


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
    days = sync.position.days or stream.window_days or 1
    return min(first + timedelta(days=days - 1), last_day(sync, account))


def next_window(stream: Stream, first: date, sync: Sync, account: Account) -> date | None:
    following = window_end(stream, first, sync, account) + timedelta(days=1)
    return following if following <= last_day(sync, account) else None


def after_page(sync: Sync, stream: Stream, account: Account, first: str, cursor: str | None, page: StreamRun) -> Sync:
    """With what the page had counted, at the page that comes next: of this window, of half of it, of the one after
    it, or of the next part. `first` is where this window began, `cursor` what the platform calls its next page."""
    position = sync.position
    counted = sync.counted(stream.name, page.read, page.written, page.quarantined)
    if cursor is None:
        window = next_window(stream, date.fromisoformat(first), sync, account) if stream.window_days else None
        following = Position(position.part, window.isoformat(), days=position.days) if window else None
        return replace(counted, position=following or Position(position.part + 1))
    read, quarantined = position.read + page.read, position.quarantined + page.quarantined
    if days := _half(stream, first, sync, account, read):
        # Its records come once more, to the same places.
        counted = counted.counted(stream.name, -read, 0, -quarantined)
        return replace(counted, position=Position(position.part, first, days=days))
    pages = position.pages + 1
    following = replace(
        position, first=first, cursor=cursor, handle=None, pages=pages, read=read, quarantined=quarantined
    )
    return replace(counted, position=following)


def _half(stream: Stream, first: str, sync: Sync, account: Account, read: int) -> int | None:
    """The days of half a window, where the whole one has too many records."""
    if not stream.window_days or read <= RECORDS_AT_ONCE:
        return None
    begin = date.fromisoformat(first)
    return ((window_end(stream, begin, sync, account) - begin).days + 1) // 2 or None


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
