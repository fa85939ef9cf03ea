"""Where figures come from, and how several sources make one answer."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from groundswell.analytics.questions.rows import TooManyEvents
from groundswell.kernel.errors import FieldProblem, Invalid, Unavailable
from groundswell.reports.catalogue import Origin
from groundswell.reports.model import Answer, Group, Late, Question


class Source(Protocol):
    dimensions: frozenset[str]
    """That it can be broken down and filtered by; empty names are checked by the source itself."""

    def knows(self, dimension: str) -> bool: ...

    def read(self, client_id: str, question: Question) -> Answer:
        """Only what the question wants of it."""
        ...


class Reader:
    """`sources` make each when it is first wanted."""

    def __init__(self, sources: Mapping[Origin, Callable[[], Source]]) -> None:
        self._sources = sources

    def dimensions(self, origin: Origin) -> list[str]:
        return sorted(self._sources[origin]().dimensions)

    def check(self, question: Question) -> None:
        """Raises Invalid for a dimension that a source does not know."""
        problems = [
            FieldProblem(field, "unknown", f"{origin} have no {name!r}: {', '.join(sorted(source.dimensions))}")
            for origin, source in self._wanted(question)
            for field, names in (("dimensions", question.dimensions), ("filters", tuple(question.filters)))
            for name in names
            if not source.knows(name)
        ]
        if problems:
            raise Invalid(problems=tuple(problems))

    def read(self, client_id: str, question: Question, now: int) -> Answer:
        """What all sources say together; one that fails is named, and the others answer."""
        self.check(question)
        answers: list[Answer] = []
        for origin, source in self._wanted(question):
            try:
                answers.append(source.read(client_id, question))
            except (Unavailable, TooManyEvents) as error:
                unknown = dict.fromkeys(question.wanted(origin))
                series = dict.fromkeys(question.calendar.starts(question.window), unknown)
                answers.append(Answer(unknown, series, (), now, (Late(origin, error.code.lower()),)))
        return merged(answers, now)

    def _wanted(self, question: Question) -> list[tuple[Origin, Source]]:
        return [(origin, self._sources[origin]()) for origin in Origin if origin in question.origins]


def merged(answers: Sequence[Answer], now: int) -> Answer:
    totals = {name: value for item in answers for name, value in item.totals.items()}
    series: dict[int, dict[str, object]] = {}
    groups: dict[tuple[tuple[str, str | None], ...], dict[str, object]] = {}
    for answer in answers:
        for start, figures in answer.series.items():
            series.setdefault(start, {}).update(figures)
        for group in answer.breakdown:
            groups.setdefault(tuple(group.values.items()), {}).update(group.figures)
    breakdown = tuple(Group(dict(key), figures) for key, figures in groups.items())  # type: ignore[arg-type]
    as_of = min((item.as_of for item in answers), default=now)
    late = tuple(late for item in answers for late in item.late)
    return Answer(totals, dict(sorted(series.items())), breakdown, as_of, late)  # type: ignore[arg-type]
