"""Clocks that stand still until they are told otherwise."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo

import pytest

from groundswell.kernel import clock

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class Clock:
    """`Clock()` is what services take as `now`."""

    def __init__(self, start: datetime = START) -> None:
        self.time = start

    def __call__(self) -> datetime:
        return self.time

    def advance(self, **by: float) -> None:
        """`advance(minutes=5)`: the arguments of timedelta."""
        self.time += timedelta(**by)


class _Held(datetime):
    """The machine's clock as `utc_now` asks it."""

    time: datetime

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return cls.time


@contextmanager
def standing_still() -> Iterator[Callable[..., None]]:
    """`utc_now` stands where it is, until what this yields moves it by the arguments of timedelta."""
    held = type("Held", (_Held,), {"time": datetime.now(UTC)})

    def move(**by: float) -> None:
        held.time += timedelta(**by)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "datetime", held)
        yield move
