"""What every tier may ask for. Nothing here costs anything until it is asked for."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.clock import Clock, standing_still

# No test's verdict hangs on how busy the machine is.
# The same examples every time: what is made up anew (`--hypothesis-profile exploring`) is for looking for faults.
_patient = settings(deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("groundswell", _patient, derandomize=True)
settings.register_profile("exploring", _patient)
settings.load_profile("groundswell")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """For `--dist loadfile` (`poe test`) only."""
    from tests.schedule import Schedule

    return Schedule(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def advance() -> Iterator[Callable[..., None]]:
    """`advance(minutes=5)` for everything that asks `utc_now`. Else it stands still, however slow the machine is."""
    with standing_still() as move:
        yield move
