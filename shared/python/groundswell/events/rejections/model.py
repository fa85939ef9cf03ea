"""What is remembered of an event that was turned away. Times are milliseconds since 1970 (UTC)."""

from dataclasses import dataclass

from groundswell.events.eventlog.model import DAY, HOUR
from groundswell.events.rejections.keys import KEPT
from groundswell.kernel.errors import Invalid


@dataclass(frozen=True)
class Rejected:
    """An event's verdict. `event` is what came, without secrets and cut where it is long; `id` and `name` are None
    where they could not be read."""

    index: int
    code: str
    message: str
    received: int
    id: str | None
    name: str | None
    event: str
    accepted: bool = False
    """It is a warning, and the event counts. Nothing else is kept of it here: it has its place."""


@dataclass(frozen=True)
class Search:
    """`start` <= received < `end`; any code and any API key (its public id) if None."""

    start: int
    end: int
    code: str | None = None
    key_id: str | None = None

    @classmethod
    def within(
        cls, now: int, start: int | None, end: int | None, code: str | None = None, key_id: str | None = None
    ) -> "Search":
        """What is left open: the last seven days, which is all there is. Raises Invalid."""
        oldest = now - KEPT
        search = cls(
            max(oldest, start if start is not None else oldest),
            now + 1 if end is None else min(end, now + 1),
            code,
            key_id,
        )
        if end is not None and start is not None and start >= end:
            raise Invalid.on("to", "must be after `from`")
        return search

    def days(self) -> list[int]:
        """Days since 1970 that the search touches, newest first."""
        return list(range((self.end - 1) // DAY, self.start // DAY - 1, -1))


@dataclass(frozen=True)
class Tallied:
    """How many events were turned away for one reason in one hour, by the hour's start."""

    hour: int
    code: str
    count: int


class TooMany(Invalid):
    code = "RANGE_TOO_LARGE"
    message = "Too many batches had rejections: ask for a shorter range"


def hour_of(received: int) -> int:
    return received // HOUR * HOUR
