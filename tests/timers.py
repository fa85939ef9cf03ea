"""Timers that features have set, as their consumers hear of them."""

from groundswell.schedules.items import TimerItem, timer_of
from groundswell.schedules.timers import Firing, fire
from tests.backend import Backend


def due_timers(backend: Backend, tenant: str, kind: str) -> list[Firing]:
    """All of that tenant and kind, as if each fired at its due time, in the order of these."""
    rows = [each for each in backend.items("core") if each["pk"]["S"] == f"TIMERS#{tenant}"]
    timers = [timer_of(TimerItem.from_raw_data(each)) for each in rows if each["timer"]["S"] == kind]
    return [fire(each, each.due) for each in sorted(timers, key=lambda timer: timer.due)]
