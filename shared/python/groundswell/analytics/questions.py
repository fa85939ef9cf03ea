"""Questions that are answered from rows: each is one pass over the counted events of its range."""

from collections.abc import Callable, Iterator
from datetime import datetime

from groundswell.analytics.answers import Answer
from groundswell.analytics.breakdown import Breakdown, Grouping, breakdown
from groundswell.analytics.calendar import Calendar
from groundswell.analytics.filters import ANYTHING, Match
from groundswell.analytics.funnel import Conversion, Funnel, convert
from groundswell.analytics.live import Mark, Tail, tail
from groundswell.analytics.model import Window
from groundswell.analytics.paths import PathQuestion, Paths, walk
from groundswell.analytics.retention import Cohort, Retention, retain
from groundswell.analytics.rows import MOST_EVENTS, Row, RowReader
from groundswell.analytics.sessions import Sessions, read, summarize
from groundswell.analytics.transactions import Transaction, Wanted, transactions
from groundswell.analytics.uniques import Uniques, uniques
from groundswell.eventlog.model import event_logs
from groundswell.eventlog.port import EventLog
from groundswell.people.known import Known


class QuestionService:
    """Every question may raise TooManyEvents, when its range holds more than one request may read."""

    def __init__(self, store: EventLog, now: Callable[[], datetime], most: int = MOST_EVENTS) -> None:
        """`most` is how many events one question may read."""
        self._store = store
        self._now = now
        self._most = most
        self._known = Known(store)

    def uniques(self, client_id: str, window: Window, calendar: Calendar, match: Match = ANYTHING) -> Answer[Uniques]:
        starts = calendar.starts(window)
        return self._answer(client_id, window, lambda rows: uniques(match.among(rows), starts))

    def breakdown(self, client_id: str, window: Window, wanted: Grouping) -> Answer[Breakdown]:
        return self._answer(client_id, window, lambda rows: breakdown(rows, wanted))

    def funnel(self, client_id: str, window: Window, wanted: Funnel) -> Answer[Conversion]:
        return self._answer(client_id, window, lambda rows: convert(rows, wanted))

    def conversions(self, client_id: str, window: Window, wanted: tuple[Funnel, ...]) -> Answer[tuple[Conversion, ...]]:
        """Several funnels over the same rows."""

        def each(rows: Iterator[Row]) -> tuple[Conversion, ...]:
            kept = list(rows)
            return tuple(convert(kept, funnel) for funnel in wanted)

        return self._answer(client_id, window, each)

    def retention(self, client_id: str, wanted: Retention) -> Answer[tuple[Cohort, ...]]:
        now = int(self._now().timestamp() * 1000)
        return self._answer(client_id, wanted.read, lambda rows: retain(rows, wanted, now))

    def paths(self, client_id: str, window: Window, wanted: PathQuestion) -> Answer[Paths]:
        return self._answer(client_id, window, lambda rows: walk(rows, wanted))

    def sessions(
        self, client_id: str, window: Window, calendar: Calendar, top: int, match: Match = ANYTHING
    ) -> Answer[Sessions]:
        starts = calendar.starts(window)
        return self._answer(client_id, read(window), lambda rows: summarize(match.among(rows), window, starts, top))

    def transactions(self, client_id: str, window: Window, wanted: Wanted) -> Answer[list[Transaction]]:
        """Those heard of in the window, by what was said of them in it."""
        return self._answer(client_id, window, lambda rows: [each for each in transactions(rows) if each in wanted])

    def live(self, client_id: str, after: str | None, limit: int) -> Answer[Tail]:
        """Raises Invalid for a mark that is none."""
        (log,) = event_logs(client_id)
        found = tail(self._store, log, Mark.of(after) if after else None, limit)
        return Answer(found, found.as_of if found.as_of is not None else self._clock())

    def _answer[T](self, client_id: str, window: Window, find: Callable[[Iterator[Row]], T]) -> Answer[T]:
        reader = RowReader(self._store, client_id, self._most, self._known)
        as_of = reader.as_of
        return Answer(find(reader.between(window)), self._clock() if as_of is None else as_of)

    def _clock(self) -> int:
        return int(self._now().timestamp() * 1000)
