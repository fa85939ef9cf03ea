"""Which days of ads an alert judges: complete ones, on the clocks of the account that they are of."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from groundswell.alerts.metrics import Figure
from groundswell.alerts.model import AlertType
from groundswell.alerts.sources import AdSource, Period
from groundswell.integrations.facts import AdRow
from tests.unit.alerts.test_evaluation import alert


class Facts:
    """One click a day and account; the day of the month is what it cost."""

    def __init__(self, timezone: str) -> None:
        self.timezone = timezone

    def rows(self, client_id: str, *, first: date, last: date, **_: object) -> list[AdRow]:
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return [
            AdRow(d, "a", "1", "C", Decimal(d.day), "USD", 9, 1, None, None, None, "meta_ads", "1", self.timezone)
            for d in days
        ]


def spend(timezone: str, at: str, days: int = 1) -> Decimal | None:
    watched = replace(alert(window=f"{days}d"), alert_type=AlertType.SPEND, timezone="Europe/Berlin")
    end = datetime.fromisoformat(at).astimezone(UTC)
    [figures] = AdSource(Facts(timezone)).read(watched, [Period.until(end, timedelta(days=days))])
    figure = figures.get((), Figure(None))
    return figure.value


@pytest.mark.parametrize(
    ("timezone", "at", "yesterday"),
    [
        ("America/Los_Angeles", "2026-11-30T07:59:00Z", 28),
        ("America/Los_Angeles", "2026-11-30T08:00:00Z", 29),
        ("Asia/Tokyo", "2026-11-29T15:00:00Z", 29),
        ("", "2026-11-29T22:59:00Z", 28),
        ("", "2026-11-29T23:00:00Z", 29),
        ("Not/AZone", "2026-11-29T23:00:00Z", 29),
        ("Europe/Berlin", "2026-03-29T21:59:00Z", 28),
        ("Europe/Berlin", "2026-03-29T22:00:00Z", 29),
        ("Europe/Berlin", "2026-10-25T22:59:00Z", 24),
        ("Europe/Berlin", "2026-10-25T23:00:00Z", 25),
    ],
)
def test_a_day_is_judged_from_the_accounts_midnight_on(timezone, at, yesterday):
    assert spend(timezone, at) == yesterday


def test_a_week_is_seven_days_of_the_account():
    assert spend("Pacific/Kiritimati", "2026-11-29T10:00:00Z", days=7) == sum(range(23, 30))


def purchases(at: str, *, provisional: bool) -> Figure:
    """Conversions of one day, as many as the day of the month; Meta adds to them for seven days more."""
    condition = alert(window="1d", provisional=provisional)
    watched = replace(condition, alert_type=AlertType.CONVERSIONS, timezone="UTC")
    period = Period.until(datetime.fromisoformat(at), timedelta(days=1))
    [figures] = AdSource(Converting("UTC")).read(watched, [period])
    return figures[()]


class Converting(Facts):
    def rows(self, client_id: str, *, first: date, last: date, **_: object) -> list[AdRow]:
        return [replace(row, conversions=Decimal(row.date.day)) for row in super().rows("", first=first, last=last)]


def test_conversions_are_judged_once_the_platforms_attribution_is_over_or_earlier_and_marked():
    at = "2026-11-30T12:00:00Z"
    assert purchases(at, provisional=False) == Figure(Decimal(22))
    assert purchases(at, provisional=True) == Figure(Decimal(29), provisional=True)


def test_what_is_spent_is_never_provisional():
    watched = replace(alert(provisional=True), alert_type=AlertType.SPEND)
    period = Period.until(datetime.fromisoformat("2026-11-30T12:00:00Z"), timedelta(days=1))
    [figures] = AdSource(Facts("UTC")).read(watched, [period])
    assert figures[()] == Figure(Decimal(29))
