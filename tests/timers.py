"""Timers that features have set, as their consumers hear of them."""

from groundswell.schedules.items import TimerItem, timer_of
from groundswell.schedules.timers import Firing, fire
from tests.backend import Backend


def due_timers(backend: Backend, tenant: str, kind: str) -> list[Firing]:
    """All of that tenant and kind, as if each fired at its due time, in the order of these."""
    rows = [item for item in backend.items("core") if item["pk"]["S"] == f"TIMERS#{tenant}"]
    timers = [timer_of(TimerItem.from_raw_data(row)) for row in rows if row["timer"]["S"] == kind]
    return [fire(timer, timer.due) for timer in sorted(timers, key=lambda timer: timer.due)]
