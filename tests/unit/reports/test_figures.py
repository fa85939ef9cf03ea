"""Figures of ads and leads, what stands out in them, and when schedules are due."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from pypdf import PdfReader

from groundswell.analytics.questions.model import Granularity
from groundswell.analytics.questions.newcomers import newcomers
from groundswell.analytics.questions.rows import Row
from groundswell.campaigns.ledger import Totals
from groundswell.campaigns.model import Campaign, Channel
from groundswell.events.eventlog.window import Window
from groundswell.integrations.facts import AdRow
from groundswell.kernel.clock import millis
from groundswell.kernel.errors import Invalid
from groundswell.kernel.page import CountedPage, Page
from groundswell.reports.adapter_pdf import ROWS_AT_MOST, document
from groundswell.reports.ads import AdSource
from groundswell.reports.campaigns import CampaignSource
from groundswell.reports.insights import Kpi, anomalies, changes
from groundswell.reports.model import Answer, Question, Report
from groundswell.reports.money import spelled
from groundswell.reports.tables import Table, csv_text, tables
from groundswell.schedules.cron import Recurrence

FONT = Path("functions/reports/fonts/DejaVuSans.ttf")
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
DAY = 86_400_000


class Facts:
    def __init__(self, *rows: AdRow) -> None:
        self._rows = rows

    def rows(self, client_id, *, first, last, **_):
        return [row for row in self._rows if first <= row.date <= last]


def ad(day: str, currency: str = "USD", **values) -> AdRow:
    whole = {"spend": Decimal(10), "clicks": 5, "impressions": 100, "landing_page_views": None, **values}
    return AdRow(
        date.fromisoformat(day),
        "act",
        "916",
        "c",
        currency=currency,
        conversions=None,
        revenue=None,
        platform="meta_ads",
        **whole,
    )


def question(*metrics: str, days: int = 2, timezone: str = "UTC", start: str = "2026-11-28") -> Question:
    begin = millis(datetime.fromisoformat(f"{start}T00:00:00+00:00"))
    return Question(metrics, Window(begin, begin + days * DAY), Granularity.DAY, timezone)


def asked(*rows: AdRow, metrics: tuple[str, ...] = ("spend", "cpc", "clicks")) -> Answer:
    return AdSource(Facts(*rows), lambda: NOW).read("c", question(*metrics))


def test_amounts_of_different_currencies_are_never_added_up():
    answer = asked(ad("2026-11-28"), ad("2026-11-28", "EUR"), ad("2026-11-29"))

    assert answer.totals["spend"] == {"EUR": Decimal("10.00"), "USD": Decimal("20.00")}
    assert answer.totals["cpc"] == {"EUR": Decimal(2), "USD": Decimal(2)}
    assert answer.totals["clicks"] == 15


def test_empty_days_are_zero_and_unknown_is_not():
    answer = asked(ad("2026-11-28"), metrics=("clicks", "landing_page_views", "ctr"))

    assert [list(figures.values()) for figures in answer.series.values()] == [[5, None, Decimal("0.05")], [0, 0, None]]


def test_a_platform_is_late_where_its_newest_day_is_old():
    assert [late_source.until for late_source in asked(ad("2026-11-28")).late] == ["2026-11-28"]
    assert asked(ad("2026-11-28"), ad("2026-11-29")).late == ()


def test_who_was_never_there_before_the_range_is_new():
    def row(ts: int, person: str | None) -> Row:
        return Row(ts, person, "e", "track", person, None, None, None, None, 0)

    rows = [row(5, "old"), row(10, "old"), row(11, "new"), row(12, None), row(21, "new"), row(22, "late")]
    counts = newcomers(rows, Window(10, 30), [10, 20])

    assert (counts.active, counts.new) == (3, 2)
    assert (counts.active_by_start, counts.new_by_start) == ({10: 2, 20: 2}, {10: 1, 20: 1})


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [("10", "USD", "10.00"), ("1.5453", "USD", "1.5453"), ("10.0", "JPY", "10"), ("0", "KWD", "0.000")],
)
def test_amounts_have_the_decimals_of_their_currency_or_more(amount, currency, written):
    assert spelled(Decimal(amount), currency) == written


def test_a_change_is_told_where_there_is_enough_of_it():
    rose, small, same = (Kpi("clicks", Decimal(a), Decimal(b)) for a, b in ((30, 20), (3, 1), (101, 100)))

    [insight] = changes([rose, small, same, Kpi("leads", Decimal(20), Decimal(0))])

    assert insight.text == "clicks rose by 50 %: from 20 to 30"
    assert insight.evidence["change"] == Decimal("0.5000")


def test_a_day_is_an_anomaly_against_its_own_weekday():
    def days(newest: int) -> Answer:
        usual = [100 if day % 7 else 1000 for day in range(35)]
        return Answer({}, {day * DAY: {"events": count} for day, count in enumerate([*usual, newest])}, (), 0)

    assert list(anomalies("events", days(1010), 36 * DAY)) == []
    [insight] = anomalies("events", days(100), 36 * DAY)
    assert (insight.evidence["value"], insight.evidence["usual"]) == (100, 1000)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "x;=1+1", "x\t=1+1"])
def test_no_cell_is_a_formula_and_every_cell_is_quoted(text):
    table = Table("series", (text, "spend"), ((text, Decimal("-1.50")), (None, -1)))
    inert = f"'{text}" if text[0] != "x" else f"{text[:2]}'{text[2:]}"

    assert csv_text(table) == f'"{inert}","spend"\r\n"{inert}","-1.50"\r\n"","-1"\r\n'


def test_a_table_has_a_column_for_each_currency():
    wanted = question("spend", "clicks")
    answer = AdSource(Facts(ad("2026-11-28"), ad("2026-11-29", "EUR")), lambda: NOW).read("c", wanted)

    series = next(table for table in tables(Report(wanted, answer)) if table.name == "series")

    assert csv_text(series).splitlines() == [
        '"ts","spend (EUR)","spend (USD)","clicks"',
        '"2026-11-28T00:00:00.000Z","","10.00","5"',
        '"2026-11-29T00:00:00.000Z","10.00","","5"',
    ]


@pytest.mark.parametrize(
    ("cron", "zone", "now", "due"),
    [
        ("30 7 * * 1-5", "Europe/Berlin", "2026-11-27T07:00:00Z", "2026-11-30T06:30:00Z"),
        ("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"),  # skipped: right after
        ("17 * * * *", "Asia/Kolkata", "2026-11-30T12:00:00Z", "2026-11-30T12:47:00Z"),
    ],
)
def test_schedules_are_due_on_the_clocks_of_their_zone(cron, zone, now, due):
    next_run = Recurrence(cron=cron, timezone=zone).after(datetime.fromisoformat(now), NOW)

    assert next_run == datetime.fromisoformat(due)


def test_what_was_missed_is_passed_over():
    every = Recurrence(every=timedelta(minutes=15))

    assert every.after(NOW + timedelta(hours=3, minutes=1), NOW) == NOW + timedelta(hours=3, minutes=15)


@pytest.mark.parametrize("cron", ["0 0 31 2 *", "61 * * * *", "* * * *", "* * * * * *", "soon"])
def test_what_never_comes_is_refused(cron):
    with pytest.raises(Invalid):
        Recurrence(cron=cron).check()


def test_a_printed_name_is_text_and_no_markup_and_long_tables_say_that_they_are_cut():
    rows = [replace(ad("2026-11-28"), campaign=f"Кампания {number}") for number in range(ROWS_AT_MOST + 1)]
    query = replace(question("clicks"), dimensions=("campaign",))
    answer = AdSource(Facts(*rows), lambda: NOW).read("c", query)

    printed = document(Report(query, answer), '<img src="file:///etc/passwd"/> & <b>', FONT)

    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(printed)).pages)
    assert '<img src="file:///etc/passwd"/> & <b>' in text.replace("\n", " ")
    assert "Кампания 7" in text
    assert f"The first {ROWS_AT_MOST} of {ROWS_AT_MOST + 1} rows" in text


class Sent:
    """Campaigns by id: when they started, and what was counted."""

    def __init__(self, **campaigns: tuple[str, dict[str, int]]) -> None:
        self._campaigns = campaigns

    def page(self, client_id, wanted, limit, position):
        campaigns = tuple(campaign(name, at) for name, (at, _) in self._campaigns.items())
        return CountedPage(Page(campaigns), len(campaigns))

    def totals(self, client_id, campaign_id):
        return Totals({f"0/{name}": number for name, number in self._campaigns[campaign_id][1].items()})


def campaign(name: str, started: str) -> Campaign:
    at = datetime.fromisoformat(started)
    return Campaign(name, "c", "o", name.title(), Channel.EMAIL, "u", at, at, started_at=at)


def test_campaigns_count_where_they_started_with_what_became_of_them():
    sent = Sent(
        spring=("2026-11-28T09:00:00Z", {"sent": 1, "delivered": 3, "opened": 2}),
        autumn=("2026-11-29T00:00:00Z", {"sent": 4, "bounced": 1, "suppressed": 9, "clicked": 1}),
        later=("2026-11-30T00:00:00Z", {"sent": 100}),
    )
    wanted = replace(question("messages_sent", "open_rate", "click_rate"), dimensions=("campaign_id",))

    answer = CampaignSource(sent, sent, lambda: NOW).read("c", wanted)

    assert answer.totals == {
        "messages_sent": 9,
        "open_rate": Decimal("0.222222"),
        "click_rate": Decimal("0.111111"),
    }
    assert [figures["messages_sent"] for figures in answer.series.values()] == [4, 5]
    assert [(group.values["campaign_id"], group.figures["messages_sent"]) for group in answer.breakdown] == [
        ("autumn", 5),
        ("spring", 4),
    ]
