"""Who came back: cohorts by the period of their first (or any) start, and the periods after."""

from collections.abc import Iterable
from dataclasses import dataclass

from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.filters import ANYTHING, Match
from groundswell.analytics.questions.model import Granularity
from groundswell.analytics.questions.rows import Row
from groundswell.events.eventlog.window import Window
from groundswell.kernel.errors import Invalid

MOST_PERIODS = 60
MOST_COHORTS = 400
_PERIODS = (Granularity.DAY, Granularity.WEEK, Granularity.MONTH)


@dataclass(frozen=True)
class Retention:
    """Cohorts of those who start in `window`: by their `first_time` ever, or by every period in which they do.

    They return in period i when `comes_back` happens i periods after the cohort's.
    """

    window: Window
    period: Granularity
    periods: int
    starts: Match = ANYTHING
    comes_back: Match = ANYTHING
    first_time: bool = True
    tz: str = "UTC"

    def __post_init__(self) -> None:
        """Raises Invalid."""
        if self.period not in _PERIODS:
            raise Invalid.on("period", "cohorts are by day, week or month")
        if not 1 <= self.periods <= MOST_PERIODS:
            raise Invalid.on("periods", f"1 to {MOST_PERIODS}")
        if len(self.calendar.starts(self.window)) > MOST_COHORTS:
            raise Invalid.on("period", f"more than {MOST_COHORTS} cohorts: choose a longer one or a shorter range")

    @property
    def calendar(self) -> Calendar:
        return Calendar(self.period, self.tz)

    @property
    def read(self) -> Window:
        """Whose rows the answer needs: for first times ever, all history."""
        end = self.calendar.floor(self.window.end - 1)
        for _ in range(self.periods + 1):
            end = self.calendar.after(end)
        return Window(0 if self.first_time else self.window.start, end)


@dataclass(frozen=True)
class Cohort:
    """`returned[i - 1]` of `size` persons came back in period i. `complete` periods had passed at `as_of`."""

    start: int
    size: int
    returned: tuple[int, ...]
    complete: int


def retain(rows: Iterable[Row], wanted: Retention, as_of: int) -> tuple[Cohort, ...]:
    """`rows` of `wanted.read`, in time order."""
    starts = wanted.calendar.starts(wanted.window)
    numbered = periods(wanted)
    members, active = _activity(rows, wanted, numbered)
    sizes = dict.fromkeys(starts, 0)
    returned = {start: [0] * wanted.periods for start in starts}
    order = {start: at for at, start in enumerate(numbered)}
    for person, cohorts in members.items():
        for cohort in cohorts:
            sizes[cohort] += 1
            for seen in active.get(person, ()):
                later = order[seen] - order[cohort]
                if 1 <= later <= wanted.periods:
                    returned[cohort][later - 1] += 1
    passed = completed(wanted, as_of)
    return tuple(Cohort(start, sizes[start], tuple(returned[start]), passed[start]) for start in starts)


def completed(wanted: Retention, at: int) -> dict[int, int]:
    """How many of the periods after each one had passed, by its start."""
    numbered = periods(wanted)
    passed = sum(wanted.calendar.after(start) <= at for start in numbered)
    return {start: max(0, min(passed - 1 - number, wanted.periods)) for number, start in enumerate(numbered)}


def periods(wanted: Retention) -> list[int]:
    """The starts of all periods of cohorts and returns."""
    return _periods(wanted.calendar, wanted.calendar.starts(wanted.window)[0], wanted.read.end)


def _periods(calendar: Calendar, start: int, end: int) -> list[int]:
    starts = []
    while start < end:
        starts.append(start)
        start = calendar.after(start)
    return starts


def _activity(
    rows: Iterable[Row], wanted: Retention, periods: list[int]
) -> tuple[dict[str, set[int]], dict[str, set[int]]]:
    """Per person the periods whose cohorts they are in, and those in which they came back."""
    members, active, started = dict[str, set[int]](), dict[str, set[int]](), set[str]()
    at, last = 0, len(periods) - 1
    for row in rows:
        if row.person is None:
            continue
        while at < last and periods[at + 1] <= row.ts:
            at += 1
        inside = row.ts >= periods[0]
        if wanted.starts(row) and not (wanted.first_time and row.person in started):
            started.add(row.person)
            if row.ts in wanted.window:
                members.setdefault(row.person, set()).add(periods[at])
        if inside and wanted.comes_back(row):
            active.setdefault(row.person, set()).add(periods[at])
    return members, active
