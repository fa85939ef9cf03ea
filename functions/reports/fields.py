"""Types of fields that several wire shapes of reports have."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from groundswell.http.email import Email
from groundswell.kernel.ranges import zone
from groundswell.reports.catalogue import METRICS
from groundswell.reports.saved import RECIPIENTS_AT_MOST

DIMENSIONS_AT_MOST = 2


def _known(name: str) -> str:
    if name not in METRICS:
        raise ValueError(f"one of {', '.join(METRICS)}")
    return name


def _zone(name: str) -> str:
    zone(name)
    return name


def _once(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
MetricName = Annotated[str, StringConstraints(max_length=50), AfterValidator(_known)]
Metrics = Annotated[tuple[MetricName, ...], Field(min_length=1, max_length=len(METRICS)), AfterValidator(_once)]
Dimensions = Annotated[tuple[Name, ...], Field(max_length=DIMENSIONS_AT_MOST), AfterValidator(_once)]
Values = Annotated[tuple[Name, ...], Field(min_length=1, max_length=100)]
Filters = Annotated[dict[Name, Name | Values], Field(max_length=10)]
OwnRows = Annotated[dict[Email, Filters], Field(max_length=RECIPIENTS_AT_MOST)]
Zone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_zone)]
Cron = Annotated[str, StringConstraints(min_length=1, max_length=100)]
ReportId = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Recipients = Annotated[tuple[Email, ...], Field(min_length=1, max_length=RECIPIENTS_AT_MOST), AfterValidator(_once)]
FigureOut = int | float | str | dict[str, str | float] | None
