"""The one clock. The local stage may shift it (`/_local/clock/advance`); nothing else does."""

from datetime import UTC, datetime, timedelta


class _Clock:
    def __init__(self) -> None:
        self.offset = timedelta(0)


_clock = _Clock()


def utc_now() -> datetime:
    """Now, in UTC and whole milliseconds, with the local stage's shift."""
    return whole_millis(datetime.now(UTC) + _clock.offset)


def whole_millis(moment: datetime) -> datetime:
    """What is kept of a time, so that it is equal to what a timer or an answer says of it."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def spelled(time: int) -> str:
    """A time in ms as RFC 3339, in UTC."""
    return rfc3339(datetime.fromtimestamp(time / 1000, UTC))


def rfc3339(moment: datetime) -> str:
    """In UTC with milliseconds and `Z`: how every answer writes a time."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def set_offset(offset: timedelta) -> None:
    """Shift `utc_now` for this process. Absolute: a second call replaces the first."""
    _clock.offset = offset


def millis(moment: datetime) -> int:
    """Milliseconds since 1970, as events count time."""
    return int(moment.timestamp() * 1000)
