"""Questions that are answered from rows: each is one pass over the counted events of its range."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from groundswell.analytics.questions.answers import Answer
from groundswell.analytics.questions.breakdown import Breakdown, Grouping, breakdown
from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.filters import ANYTHING, Match
from groundswell.analytics.questions.funnel import Conversion, Funnel, convert
from groundswell.analytics.questions.live import Mark, Tail, tail
from groundswell.analytics.questions.newcomers import Newcomers, newcomers
from groundswell.analytics.questions.paths import PathQuestion, Paths, walk
from groundswell.analytics.questions.retention import Cohort, Retention, retain
from groundswell.analytics.questions.rows import MOST_EVENTS, Row, RowReader, TooManyEvents
from groundswell.analytics.questions.sessions import Sessions, read, summarize
from groundswell.analytics.questions.transactions import Listing, Transaction, Wanted, listing, transactions
from groundswell.analytics.questions.uniques import Uniques, uniques
from groundswell.events.eventlog.model import event_log
from groundswell.events.eventlog.port import EventLog
from groundswell.events.eventlog.snapshot import take
from groundswell.events.eventlog.window import Window
from groundswell.events.people.identity_cache import IdentityCache
from groundswell.kernel.clock import millis
from groundswell.kernel.page import Position

_AS_A_JOB = "ask for it as a job: POST /analytics/questions with the same body and its `kind`"


@dataclass(frozen=True)
class Listed:
    """A page, and where the next one starts (None at the end)."""

    listing: Listing
    next: Position | None


class QuestionService:
    """Every question may raise TooManyEvents, when its range holds more than one request may read."""

    def __init__(self, store: EventLog, now: Callable[[], datetime], most: int = MOST_EVENTS) -> None:
        """`most` is how many events one question may read."""
        self._store = store
        self._now = now
        self._most = most
        self._known = IdentityCache(store)

    def uniques(self, client_id: str, window: Window, calendar: Calendar, match: Match = ANYTHING) -> Answer[Uniques]:
        starts = calendar.starts(window)
        return self._answer(client_id, window, lambda rows: uniques(match.among(rows), starts))

    def newcomers(self, client_id: str, window: Window, calendar: Calendar) -> Answer[Newcomers]:
        """Reads all history: what was first ever, no index knows."""
        starts = calendar.starts(window)
        history = Window(0, window.end)
        return self._answer(client_id, history, lambda rows: newcomers(rows, window, starts))

    def breakdown(self, client_id: str, window: Window, wanted: Grouping) -> Answer[Breakdown]:
        return self._answer(client_id, window, lambda rows: breakdown(rows, wanted))

    def funnel(self, client_id: str, window: Window, wanted: Funnel) -> Answer[Conversion]:
        return self._answer(client_id, window, lambda rows: convert(rows, wanted))

    def conversions(self, client_id: str, window: Window, wanted: tuple[Funnel, ...]) -> Answer[tuple[Conversion, ...]]:
        """Several funnels over the same rows."""

        def conversions_in(rows: Iterator[Row]) -> tuple[Conversion, ...]:
            kept = list(rows)
            return tuple(convert(kept, funnel) for funnel in wanted)

        return self._answer(client_id, window, conversions_in)

    def retention(self, client_id: str, wanted: Retention) -> Answer[tuple[Cohort, ...]]:
        now = millis(self._now())
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
        return self._answer(
            client_id, window, lambda rows: [transaction for transaction in transactions(rows) if transaction in wanted]
        )

    def transaction_list(
        self, client_id: str, window: Window, wanted: Wanted, limit: int, position: Position | None = None
    ) -> Answer[Listed]:
        """Newest first. Later pages show the logs and the range as they were when the first one was read."""
        views, after = None, None
        if position:
            window = Window(int(position["from"]), int(position["to"]))
            after = (int(position["at"]), str(position["tx_hash"]), str(position["chain"]))
            log = event_log(client_id)
            views = [take(self._store, log, int(position[f"head {log.shard}"]))]
        reader = RowReader(self._store, client_id, self._most, self._known, views)
        matches = [transaction for transaction in transactions(_rows(reader, window)) if transaction in wanted]
        listed = listing(matches, limit, after)
        as_of = int(position["as_of"]) if position else self._as_of(reader)
        rest = None
        if listed.rest:
            heads = {f"head {view.log.shard}": view.head for view in reader.views}
            place = dict(zip(("at", "tx_hash", "chain"), listed.rest, strict=True))
            rest = {"from": window.start, "to": window.end, "as_of": as_of, **place, **heads}
        return Answer(Listed(listed, rest), as_of)

    def live(self, client_id: str, after: str | None, limit: int) -> Answer[Tail]:
        """Raises Invalid for a mark that is none."""
        log = event_log(client_id)
        live_tail = tail(self._store, log, Mark.of(after) if after else None, limit)
        return Answer(live_tail, live_tail.as_of if live_tail.as_of is not None else self._clock())

    def _answer[T](self, client_id: str, window: Window, find: Callable[[Iterator[Row]], T]) -> Answer[T]:
        reader = RowReader(self._store, client_id, self._most, self._known)
        return Answer(find(_rows(reader, window)), self._as_of(reader))

    def _as_of(self, reader: RowReader) -> int:
        return self._clock() if reader.as_of is None else reader.as_of

    def _clock(self) -> int:
        return millis(self._now())


def _rows(reader: RowReader, window: Window) -> Iterator[Row]:
    try:
        yield from reader.between(window)
    except TooManyEvents as refused:
        raise TooManyEvents(f"{refused.text}, or {_AS_A_JOB}") from refused
