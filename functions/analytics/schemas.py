"""Wire shapes of the readers."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
from pydantic import Field, StringConstraints, WithJsonSchema

from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.model import Measure, MetricPoint, Seen, Series
from groundswell.analytics.questions.revenue import Revenue, Takings
from groundswell.events.chain.caip import checksummed, is_evm, misspelt
from groundswell.events.eventlog.records import Tally
from groundswell.http.schema import In, Line, Out, Time
from groundswell.http.timestamps import RecordedAt
from groundswell.kernel.clock import spelled

_EMPTY = b"{}"


MetricName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 _.:/-]*$", max_length=200)]
Dimension = Annotated[str, StringConstraints(max_length=500)] | int | float | bool


class MetricCreate(In):
    """A point of a custom metric. Its value keeps its digits; send a string where your JSON would lose some."""

    name: MetricName
    value: Decimal
    ts: RecordedAt | None = Field(default=None, description="When; now if absent")
    dimensions: dict[Line, Dimension] = Field(default_factory=dict, max_length=50)
    id: Annotated[str, StringConstraints(min_length=1, max_length=128)] | None = Field(
        default=None, description="Points with the same id count once"
    )
    client_id: str | None = None


Number = Annotated[Decimal, WithJsonSchema({"type": "number"})]
"""A JSON number with all its digits."""


class MetricOut(Out):
    id: str
    name: str
    value: Number
    ts: Time
    dimensions: dict[str, Any]


class PointOut(Out):
    ts: Time
    value: Number | None = Field(description="Null where amounts of several currencies were to be added up")
    count: int
    sums: dict[str, Number] | None = Field(default=None, description="Of events' values, by currency")


class PeriodOut(Out):
    series: list[PointOut]
    total: Number | None
    count: int
    sums: dict[str, Number] | None = None


class SeriesOut(PeriodOut):
    measure: Measure
    as_of: Time
    previous: PeriodOut | None = Field(default=None, description="With `compare=previous`")
    currency: str | None = Field(default=None, description="Of `value` and `total`")
    method: Literal["exact", "hll"] = Field(default="exact", description="`hll`: an estimate of different persons")
    standard_error: float | None = Field(default=None, description="Of an estimate, relative")
    annotations: list[dict[str, Any]] | None = Field(
        default=None, description="With `annotations=true`: what happened meanwhile, as `/analytics/annotations` has it"
    )


class EventOut(Out):
    id: str
    kind: str
    name: str
    ts: Time
    ts_quality: str
    client_ts: Time | None
    received_at: Time
    user_id: str | None
    anonymous_id: str | None
    session_id: str | None
    value: Number | None
    currency: str | None
    properties: dict[str, Any]
    traits: dict[str, Any]
    context: dict[str, Any]
    web3: dict[str, Any] | None
    source: dict[str, Any]
    extra: dict[str, Any] = Field(description="What else its SDK said of it: `group_id`, `device_id`, `category`, …")


def event_out(seen: Seen) -> dict[str, Any]:
    """What `EventOut` describes, with the stored JSON as it was written."""
    event = seen.event
    return {
        "id": event.id,
        "kind": event.kind,
        "name": event.name,
        "ts": spelled(event.ts),
        "ts_quality": event.ts_quality,
        "client_ts": None if event.client_ts is None else spelled(event.client_ts),
        "received_at": spelled(seen.received),
        "user_id": event.user_id,
        "anonymous_id": event.anonymous_id,
        "session_id": event.session_id,
        "value": None if event.value is None else Decimal(event.value),
        "currency": event.currency,
        "properties": msgspec.Raw(event.properties or _EMPTY),
        "traits": msgspec.Raw(event.traits or _EMPTY),
        "context": msgspec.Raw(event.context or _EMPTY),
        "web3": _web3(event.web3) if event.web3 else None,
        "source": msgspec.Raw(event.source or _EMPTY),
        "extra": msgspec.Raw(event.extra or _EMPTY),
    }


_members = msgspec.json.Decoder(dict[str, msgspec.Raw])


def _web3(raw: bytes) -> dict[str, Any]:
    """With EVM addresses also as EIP-55 spells them for people, and a warning where that is not how one was written."""
    document: dict[str, Any] = dict(_members.decode(raw))
    for name in ("address", "contract_address"):
        address = msgspec.json.decode(document[name]) if name in document else ""
        if is_evm(address):
            document[f"{name}_eip55"] = checksummed(address)
    if "address_raw" in document and misspelt(msgspec.json.decode(document["address_raw"])):
        known = msgspec.json.decode(document["warnings"]) if "warnings" in document else []
        document["warnings"] = [*known, "address_checksum"]
    return document


def series_out(series: Series, measure: Measure, calendar: Calendar, previous: Series | None = None) -> dict[str, Any]:
    """What `SeriesOut` describes: numbers of events, or sums of their values."""

    def value(tally: Tally) -> int | Decimal:
        return (tally.total or Decimal(0)) if measure is Measure.SUM else tally.count

    def shown(time_series: Series) -> dict[str, Any]:
        points = [
            {"ts": calendar.spelled(point.ts), "value": value(point.tally), "count": point.tally.count}
            for point in time_series.points
        ]
        return {"series": points, "total": value(time_series.total), "count": time_series.total.count}

    answer = {**shown(series), "measure": measure, "as_of": spelled(series.as_of)}
    return answer | ({"previous": shown(previous)} if previous else {})


def revenue_out(periods: Sequence[Revenue], chosen: str | None, calendar: Calendar) -> dict[str, Any]:
    """What `SeriesOut` describes: sums of events' values in one currency, and in every one beside it.

    `periods` are what was asked for, and what it is compared with.
    """
    currencies = {currency for period in periods for currency in period.total.sums}
    currency = chosen or (next(iter(currencies)) if len(currencies) == 1 else None)

    def value(takings: Takings) -> Decimal | None:
        return takings.sums.get(currency or "", Decimal(0)) if currency or not currencies else None

    def shown(revenue: Revenue) -> dict[str, Any]:
        points = [
            {"ts": calendar.spelled(point.ts), "value": value(point), "count": point.count, "sums": point.sums}
            for point in revenue.points
        ]
        total = revenue.total
        return {"series": points, "total": value(total), "count": total.count, "sums": total.sums}

    answer = {**shown(periods[0]), "measure": Measure.SUM, "as_of": spelled(periods[0].as_of), "currency": currency}
    return answer | ({"previous": shown(periods[1])} if len(periods) > 1 else {})


def metric_out(point: MetricPoint) -> dict[str, Any]:
    """What `MetricOut` describes."""
    return {
        "id": point.id,
        "name": point.name,
        "value": point.value,
        "ts": spelled(point.ts),
        "dimensions": msgspec.Raw(point.dimensions),
    }
