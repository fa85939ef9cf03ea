"""What the occurrences of an event are worth."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from groundswell.scoring.conditions import COUNTS, value_test
from groundswell.scoring.model import Operator, Rule

_DAY = timedelta(days=1)
_STEPS = 1024
"""Points are kept in steps of 1/1024: sums of them are exact in binary floating point, in whatever order."""

type Counted = Callable[[Sequence[datetime], datetime], Sequence[datetime] | None]
"""The occurrences that count, newest first, of all (newest first) at a time; None where the rule does not match."""


def stepped(points: float) -> float:
    return round(points * _STEPS) / _STEPS


def counted(rule: Rule) -> Counted:
    """Which occurrences the rule counts. One that gives points for there being none, or few, counts none of them."""
    when = rule.when
    if when.operator is Operator.EXISTS and when.value is False:
        return lambda times, _: None if times else ()
    if when.operator in COUNTS:
        test = value_test(when)
        return lambda times, now: times[:1] if test(len(times), now) else None
    window = timedelta(days=float(when.value)) if when.operator is Operator.WITHIN_DAYS else None

    def newest(times: Sequence[datetime], now: datetime) -> Sequence[datetime] | None:
        recent = times if window is None else [at for at in times if now - at <= window]
        kept = recent if rule.repeatable else recent[:1]
        return _bounded(kept, rule.per_day) or None

    return newest


def worth(rule: Rule, times: Sequence[datetime], now: datetime) -> float:
    """Points, with decay and within `max_points`; without an occurrence, those of the rule once."""
    if rule.half_life_days is None or not times:
        points = rule.points * max(1, len(times))
    else:
        half_life = rule.half_life_days
        points = sum(stepped(rule.points * 0.5 ** ((now - at) / _DAY / half_life)) for at in times)
    most = rule.max_points
    return points if most is None else max(-most, min(most, points))


def _bounded(times: Sequence[datetime], per_day: int | None) -> Sequence[datetime]:
    if per_day is None:
        return times
    days, kept = Counter[int](), list[datetime]()
    for at in times:
        day = at.astimezone(UTC).toordinal()
        days[day] += 1
        if days[day] <= per_day:
            kept.append(at)
    return kept
