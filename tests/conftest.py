"""What every tier may ask for. Nothing here costs anything until it is asked for."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import settings

from tests.clock import Clock

# No test's verdict hangs on how busy the machine is.
settings.register_profile("groundswell", deadline=None, print_blob=True)
settings.load_profile("groundswell")


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Shift:
    """Moves the clock that handlers see, as the local stage does."""

    def __init__(self) -> None:
        self.offset = timedelta(0)

    def __call__(self, **by: float) -> None:
        from groundswell.kernel.clock import set_offset

        self.offset += timedelta(**by)
        set_offset(self.offset)


@pytest.fixture
def advance() -> Iterator[Shift]:
    """`advance(minutes=5)` for everything that asks `utc_now`."""
    shift = Shift()
    yield shift
    shift(seconds=-shift.offset.total_seconds())
