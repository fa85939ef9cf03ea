"""Recurring tasks: RRULE of RFC 5545, on the clocks of a zone.

A rule counts in local time, so that nine o'clock stays nine o'clock when the clocks change. A time that a day skips is
that much later (RFC 5545 §3.3.5: the offset before the change), and of one that comes twice the first is meant.
Nothing here goes on for ever: what does not happen within ten years does not happen.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from groundswell.kernel.errors import Invalid
from groundswell.kernel.ranges import zone as zone_of
from groundswell.tasks.model import Task, due_moment, is_date

LONGEST = 500
_HORIZON = timedelta(days=3660)
_CYCLES = 19 * 400
"""Years: the calendar repeats itself every 400."""
_COUNT_AT_MOST = _INTERVAL_AT_MOST = 1000
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_BY = ("BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "BYWEEKNO", "BYYEARDAY")
_PARTS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", *_BY})
_START = re.compile(r"DTSTART(?:;TZID=([^:;]+)|;VALUE=DATE)?:(\d{8})(?:T(\d{6})(Z)?)?", re.ASCII | re.IGNORECASE)
_UNTIL = re.compile(r"(\d{8})(?:T(\d{6})(Z)?)?", re.ASCII)


@dataclass(frozen=True)
class Rule:
    """`parts` are the rule's own, without COUNT and UNTIL; `until` is on the clocks of `zone`. `start` is what a
    DTSTART says, and `by_date` whether that is a date."""

    parts: str
    zone: str
    count: int | None = None
    until: datetime | None = None
    start: datetime | None = None
    by_date: bool = False

    def first(self, start: datetime) -> datetime | None:
        """At `start` or after it; None if that does not happen."""
        occurrence = next(self._happening(start, _last_alike(start.year) - start.year), None)
        return occurrence if occurrence is not None and occurrence <= start + _HORIZON else None

    def following(self, start: datetime, after: datetime) -> datetime | None:
        """The first after that one, of those that begin at `start`."""
        occurrence = next((occurrence for occurrence in self._happening(start, _CYCLES) if occurrence > after), None)
        return occurrence if occurrence is not None and occurrence <= after + _HORIZON else None

    def _happening(self, start: datetime, years: int) -> Iterator[datetime]:
        """dateutil looks on until the year 9999, a minute long if nothing happens: so it looks that many years ahead,
        from a year with the same calendar."""
        ends = self.until is not None and self.until.year + years <= MAXYEAR
        end = f";UNTIL={_in_years(self.until, years):%Y%m%dT%H%M%S}" if self.until and ends else ""
        rule = rrulestr(f"{self.parts}{end}", dtstart=_in_years(start, years))
        return (_in_years(occurrence, -years) for occurrence in islice(rule, self.count))


def _in_years(local: datetime, years: int) -> datetime:
    return local.replace(year=local.year + years)


def _last_alike(year: int) -> int:
    """The last year with the same calendar, as its successors have, for ten years before 9999."""
    first = date(year, 1, 1).weekday()
    return next(
        number for number in range(9988, 9960, -1) if number % 4 == year % 4 and date(number, 1, 1).weekday() == first
    )


def parse_rule(text: str, zone: str) -> Rule:
    """`FREQ=WEEKLY;BYDAY=MO,TU`, with or without `RRULE:`; a line `DTSTART;TZID=Europe/Berlin:20261102T090000` before
    it gives it a zone of its own. Raises Invalid (`recurrence`)."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    start = _START.fullmatch(lines[0]) if lines else None
    rules = lines[1:] if start else lines
    if len(rules) != 1 or len(text) > LONGEST:
        raise _refused("one rule such as FREQ=WEEKLY;BYDAY=MO,TU, behind a DTSTART at most")
    parts = _parts(rules[0])
    rule = _begun(Rule("", zone), start)
    rule = replace(rule, count=_number(parts, "COUNT", _COUNT_AT_MOST), until=_until(parts, rule.zone))
    _number(parts, "INTERVAL", _INTERVAL_AT_MOST)
    kept = ";".join(f"{name}={value}" for name, value in parts.items() if name not in ("COUNT", "UNTIL"))
    rule = replace(rule, parts=kept)
    try:
        rule.first(rule.start or datetime(2026, 1, 1))  # noqa: DTZ001 - a local time, as all here
    except (ValueError, TypeError, OverflowError) as error:
        raise _refused(f"not a rule of RFC 5545: {error}") from error
    return rule


def recurring(task: Task, text: str, zone: str, now: datetime) -> Task:
    """The first of its series: due when the rule first happens, at or after its due date. Raises Invalid."""
    rule = parse_rule(text, zone)
    begin, by_date = _beginning(task, rule, now)
    first = rule.first(begin)
    if first is None:
        raise _refused("this never happens, or not within ten years", "never")
    task = replace(task, recurrence=text.strip(), series_id=task.id, series_start=begin.isoformat())
    return _due_at(task, first, rule.zone, by_date=by_date)


def following(task: Task) -> Task | None:
    """The task with the next due date of its series; None when that has ended."""
    if task.recurrence is None or task.series_start is None or task.occurrence is None:
        return None
    rule = parse_rule(task.recurrence, task.series_zone)
    local = rule.following(datetime.fromisoformat(task.series_start), datetime.fromisoformat(task.occurrence))
    return None if local is None else _due_at(task, local, rule.zone, by_date=task.by_date)


def turn_of(task: Task) -> datetime | None:
    """When the next one of its series is opened: at the time of this one."""
    if task.recurrence is None or task.occurrence is None or task.followed_by is not None:
        return None
    local = datetime.fromisoformat(task.occurrence)
    return due_moment(local.date().isoformat(), task.series_zone) if task.by_date else _utc(local, task.series_zone)


def _due_at(task: Task, local: datetime, zone: str, *, by_date: bool) -> Task:
    due = local.date().isoformat() if by_date else _utc(local, zone).isoformat()
    return replace(task.due(due, zone), occurrence=local.isoformat(), series_zone=zone, by_date=by_date)


def _utc(local: datetime, zone: str) -> datetime:
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _beginning(task: Task, rule: Rule, now: datetime) -> tuple[datetime, bool]:
    """(on the clocks of the rule's zone, whether by date): DTSTART, the due date, or today."""
    if rule.start is not None:
        return rule.start, rule.by_date
    if task.due_date is None or task.due_at is None:
        return datetime.combine(now.astimezone(ZoneInfo(rule.zone)).date(), time()), True
    if is_date(task.due_date):
        return datetime.fromisoformat(task.due_date), True
    return task.due_at.astimezone(ZoneInfo(rule.zone)).replace(tzinfo=None), False


def _begun(rule: Rule, start: re.Match[str] | None) -> Rule:
    if start is None:
        return rule
    zone, day, clock, utc = start.groups()
    zone = "UTC" if utc else zone or rule.zone
    zone_of(zone, "recurrence")
    return replace(rule, zone=zone, start=_moment(day, clock), by_date=clock is None)


def _parts(line: str) -> dict[str, str]:
    text = line.upper().removeprefix("RRULE:")
    pairs = [part.partition("=") for part in text.split(";") if part]
    parts = {name: value for name, _, value in pairs}
    strange = [name for name, _, value in pairs if name not in _PARTS or not value]
    if strange or len(parts) != len(pairs):
        raise _refused(f"takes each of {', '.join(sorted(_PARTS))} once; the time is that of the due date")
    if parts.get("FREQ") not in _FREQUENCIES:
        raise _refused(f"FREQ is one of {', '.join(_FREQUENCIES)}")
    if "COUNT" in parts and "UNTIL" in parts:
        raise _refused("COUNT or UNTIL, not both")
    return parts


def _number(parts: dict[str, str], name: str, at_most: int) -> int | None:
    if name not in parts:
        return None
    if not re.fullmatch(r"[0-9]{1,4}", parts[name]) or not 1 <= int(parts[name]) <= at_most:
        raise _refused(f"{name} is 1 to {at_most}")
    return int(parts[name])


def _until(parts: dict[str, str], zone: str) -> datetime | None:
    if "UNTIL" not in parts:
        return None
    match = _UNTIL.fullmatch(parts["UNTIL"])
    if match is None:
        raise _refused("UNTIL is 20271231 or 20271231T220000Z")
    day, clock, utc = match.groups()
    local = _moment(day, clock or "235959")
    return local.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) if utc else local


def _moment(day: str, clock: str | None) -> datetime:
    try:
        return datetime.strptime(day + (clock or "000000"), "%Y%m%d%H%M%S")  # noqa: DTZ007 - a local time
    except ValueError as error:
        raise _refused(f"no such day or time: {day}") from error


def _refused(why: str, code: str = "invalid") -> Invalid:
    return Invalid.on("recurrence", why, code)
