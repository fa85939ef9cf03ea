"""How long a worker may go on."""

from collections.abc import Callable
from typing import Any


def has_time_left(context: Any, reserve_ms: int) -> Callable[[], bool]:
    """Whether Lambda's `context` leaves more time than what the step under way and saying goodbye may take."""
    return lambda: bool(context.get_remaining_time_in_millis() > reserve_ms)
