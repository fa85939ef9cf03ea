"""Wire shapes of schedules."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field, StrictBool

from functions.reports.fields import Cron, OwnRows, Recipients, ReportId, Zone
from functions.reports.schemas import filters_of
from groundswell.http.schema import Changes, In, Out, Time
from groundswell.reports.saved import Format, Schedule


def _own_rows(own_rows: Mapping[str, Mapping[str, str | tuple[str, ...]]]) -> dict[str, dict[str, tuple[str, ...]]]:
    return {recipient: filters_of(filters) for recipient, filters in own_rows.items()}


class ScheduleCreate(In):
    """`report_id` is a saved report's, or `growth`, `performance` or `leads`. `cron` has five fields (any minute), on
    the clocks of `timezone`; the client's if absent."""

    report_id: ReportId
    cron: Cron
    recipients: Recipients
    timezone: Zone | None = None
    format: Format = Format.XLSX
    skip_if_empty: StrictBool = False
    own_rows: OwnRows = Field(
        default_factory=dict, description="Filters by recipient, who then gets the rows that pass them alone"
    )
    client_id: str | None = None

    def values(self) -> dict[str, Any]:
        values = {name: value for name, value in dict(self).items() if value is not None and name != "client_id"}
        return values | {"own_rows": _own_rows(self.own_rows)}


class ScheduleUpdate(Changes):
    required: ClassVar[frozenset[str]] = frozenset(
        {"report_id", "cron", "recipients", "timezone", "format", "skip_if_empty", "own_rows"}
    )

    report_id: ReportId | None = None
    cron: Cron | None = None
    recipients: Recipients | None = None
    timezone: Zone | None = None
    format: Format | None = None
    skip_if_empty: StrictBool | None = None
    own_rows: OwnRows | None = None
    client_id: str | None = None

    def values(self) -> dict[str, Any]:
        changed = self.changes()
        if "own_rows" in changed:
            changed["own_rows"] = _own_rows(changed["own_rows"])
        return changed


class ScheduleOut(Out):
    id: str
    report_id: str
    cron: str
    timezone: str
    recipients: list[str]
    format: Format
    skip_if_empty: bool
    own_rows: dict[str, dict[str, list[str]]]
    paused: bool
    created_by: str
    created_at: Time
    updated_at: Time
    version: int


def schedule_out(schedule: Schedule) -> ScheduleOut:
    return ScheduleOut.model_validate(schedule)
