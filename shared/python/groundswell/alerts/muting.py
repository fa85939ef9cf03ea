"""When nobody is told: windows of an alert's own, and silences."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from groundswell.alerts.model import Alert, MuteWindow, Silence
from groundswell.alerts.state import Entry
from groundswell.kernel.ranges import zone

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def muted(windows: Iterable[MuteWindow], now: datetime) -> bool:
    return any(_holds(window, now) for window in windows)


def _holds(window: MuteWindow, now: datetime) -> bool:
    local = now.astimezone(zone(window.timezone))
    starts, ends, clock = time.fromisoformat(window.starts), time.fromisoformat(window.ends), local.time()
    if starts < ends:
        return starts <= clock < ends and _on(window, local)
    return (clock >= starts and _on(window, local)) or (clock < ends and _on(window, local - timedelta(days=1)))


def _on(window: MuteWindow, local: datetime) -> bool:
    return not window.weekdays or WEEKDAYS[local.weekday()] in window.weekdays


def silenced(alert: Alert, entry: Entry, silences: Iterable[Silence], now: datetime) -> bool:
    known = {"alert_id": alert.id, "alert_type": alert.alert_type, "name": alert.name, "severity": entry.severity}
    known |= entry.dimensions
    return any(
        silence.starts_at <= now < silence.ends_at
        and all(known.get(name) == value for name, value in silence.matchers.items())
        for silence in silences
    )
