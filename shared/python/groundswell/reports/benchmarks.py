"""A client's figure beside the median of its organization's clients, and beside its own past."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from statistics import median

from groundswell.events.eventlog.window import Window
from groundswell.kernel.errors import Invalid
from groundswell.reports.model import Late, Question, Report, Value

CLIENTS_AT_MOST = 50
_SECONDS = 15.0
"""After which no other client is asked: a request has 29."""
type Ask = Callable[[str, Question], Report]


@dataclass(frozen=True)
class Standing:
    """Of one currency, or of none. `clients` are those whose figure is known, this one among them if its own is;
    `place` is 1 for the largest of them. `past` are the periods before, the nearest first."""

    currency: str | None
    value: Decimal | None
    median: Decimal | None
    clients: int
    place: int | None
    past: tuple[Decimal | None, ...]

    @property
    def past_median(self) -> Decimal | None:
        return _median(self.past)


@dataclass(frozen=True)
class Benchmark:
    """`complete` is false where there were more clients than there was room or time for. `past` are the windows of the
    periods before."""

    question: Question
    standings: tuple[Standing, ...]
    clients: int
    complete: bool
    past: tuple[Window, ...]
    as_of: int
    late: tuple[Late, ...]


class Benchmarks:
    def __init__(self, ask: Ask, seconds: Callable[[], float]) -> None:
        """`seconds` is a clock that only goes forward."""
        self._ask = ask
        self._seconds = seconds

    def of(self, client_id: str, question: Question, peers: Sequence[str], periods: int) -> Benchmark:
        """Of a question about one metric. `peers` are all clients that the caller may read; more than `CLIENTS_AT_MOST`
        are not looked at. Raises Invalid."""
        name, begun = question.metrics[0], self._seconds()
        own = self._ask(client_id, question).answer
        windows = tuple(islice(_before(question.window), periods))
        past = [self._ask(client_id, replace(question, window=window)).answer.totals.get(name) for window in windows]
        others, values = [peer for peer in peers if peer != client_id], [own.totals.get(name)]
        for peer in others[: CLIENTS_AT_MOST - 1]:
            if self._seconds() - begun > _SECONDS:
                break
            values.append(self._ask(peer, question).answer.totals.get(name))
        complete = len(values) == len(others) + 1
        standings = tuple(_standing(currency, values, past) for currency in _currencies(own.totals.get(name), past))
        return Benchmark(question, standings, len(values), complete, windows, own.as_of, own.late)


def _before(window: Window) -> Iterator[Window]:
    """As long each, and right before one another, as far as there is time."""
    while True:
        try:
            window = window.previous
        except Invalid:
            return
        yield window


def _currencies(own: Value, past: Sequence[Value]) -> list[str | None]:
    """Those of the client, now or before; none alone for what is no money."""
    named = {currency for item in (own, *past) if isinstance(item, Mapping) for currency in item}
    return [*sorted(named)] or [None]


def _standing(currency: str | None, values: Sequence[Value], past: Sequence[Value]) -> Standing:
    """The first of `values` is the client's own."""
    own, *others = [_in(currency, value) for value in values]
    known = [other for other in (own, *others) if other is not None]
    place = None if own is None else 1 + sum(item > own for item in known)
    before = tuple(_in(currency, item) for item in past)
    return Standing(currency, own, _median(known), len(known), place, before)


def _in(currency: str | None, value: Value) -> Decimal | None:
    if isinstance(value, Mapping):
        return value.get(currency) if currency is not None else None
    return None if value is None or currency is not None else Decimal(value)


def _median(values: Sequence[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None
