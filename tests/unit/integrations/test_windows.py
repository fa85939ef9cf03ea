"""Which days a sync reads: in the account's zone, again where platforms attribute late, and no day twice or never."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from groundswell.integrations.catalogue import platform
from groundswell.integrations.model import Connection, Position, Status, StreamRun, StreamState, Sync, SyncStatus
from groundswell.integrations.platform import Account
from groundswell.integrations.windows import after_page, first_of, last_day, next_window, reached, window_end

NOW = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
ADS = platform("meta_ads").streams[0]
BERLIN, ANGELES = Account("7", timezone="Europe/Berlin"), Account("7", timezone="America/Los_Angeles")
RUNS = (StreamRun("ads_insights"),)
SYNC = Sync("s", "c", "meta_ads", SyncStatus.RUNNING, "manual", RUNS, ("7",), NOW, False, "u", NOW, NOW)


def connection(**cursors: str) -> Connection:
    states = tuple(StreamState(name, cursors={"7": cursor}) for name, cursor in cursors.items())
    return Connection("c", "o", "meta_ads", Status.CONNECTED, (), 60, None, {}, "h", "u", NOW, NOW, states)


def test_the_last_day_is_todays_where_the_account_is() -> None:
    assert last_day(SYNC, BERLIN) == date(2026, 12, 1)
    assert last_day(SYNC, ANGELES) == date(2026, 11, 30)
    assert last_day(SYNC, Account("7", timezone="Atlantis/Poseidonis")) == date(2026, 11, 30)


def test_a_year_at_first_then_what_may_be_restated() -> None:
    assert first_of(ADS, connection(), SYNC, BERLIN) == "2025-12-02"
    assert first_of(ADS, connection(ads_insights="2026-11-29"), SYNC, BERLIN) == "2026-11-01"
    short = replace(connection(ads_insights="2026-11-29"), lookback_days=0)
    assert first_of(ADS, short, SYNC, BERLIN) == "2026-11-29"
    assert first_of(ADS, short, replace(SYNC, full_refresh=True), BERLIN) == "2025-12-02"
    assert first_of(ADS, short, replace(SYNC, since="2026-06-01"), BERLIN) == "2026-06-01"


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Los_Angeles", "Pacific/Apia", "Australia/Lord_Howe", ""])
def test_windows_cover_each_day_once_through_changes_of_the_clocks(zone: str) -> None:
    account = Account("7", timezone=zone)
    day: date | None = date.fromisoformat(first_of(ADS, connection(), SYNC, account))
    start, days = day, list[date]()
    while day is not None:
        end = window_end(ADS, day, SYNC, account)
        days += [day + timedelta(days=n) for n in range((end - day).days + 1)]
        day = next_window(ADS, day, SYNC, account)
    assert start is not None
    assert days == [start + timedelta(days=n) for n in range(365)]
    assert reached(ADS, SYNC, account) == str(days[-1])


@pytest.mark.parametrize(("daily", "longest"), [(0, 30), (20, 30), (273, 7), (5_000, 1)])
def test_an_account_with_many_records_is_read_in_shorter_windows_and_each_counts_once(daily: int, longest: int) -> None:
    sync, whole = replace(SYNC, position=Position()), list[tuple[date, date]]()
    first = first_of(ADS, connection(), sync, BERLIN)
    while sync.position.part == 0:
        begin = sync.position.first or first
        days = (date.fromisoformat(begin), window_end(ADS, date.fromisoformat(begin), sync, BERLIN))
        records = daily * ((days[1] - days[0]).days + 1)
        start = int(sync.position.cursor or 0)
        count = min(500, records - start)
        cursor = str(start + count) if start + count < records else None
        whole += [days] if cursor is None else []
        sync = after_page(sync, ADS, BERLIN, begin, cursor, StreamRun(ADS.name, count, count, 0))
    read = [begin + timedelta(days=n) for begin, end in whole for n in range((end - begin).days + 1)]
    assert read == [date.fromisoformat(first) + timedelta(days=n) for n in range(365)]
    assert sync.streams[0].read == 365 * daily
    assert max((end - begin).days + 1 for begin, end in whole) == longest


def test_a_shorter_window_begins_with_its_first_page_and_what_was_set_aside_is_counted_once() -> None:
    read = replace(SYNC, streams=(StreamRun(ADS.name, 1_900, 1_900, 3),))
    sync = replace(read, position=Position(0, "2026-11-01", "a", pages=4, read=1_900, quarantined=3))
    following = after_page(sync, ADS, BERLIN, "2026-11-01", "b", StreamRun(ADS.name, 500, 500, 1))
    assert following.position == Position(0, "2026-11-01", days=15)
    assert following.streams == (StreamRun(ADS.name, 0, 2_400, 0),)


def test_changes_are_read_since_the_last_time_with_some_overlap_and_stripes_since_a_month() -> None:
    contacts, charges = platform("hubspot").streams[0], platform("stripe").streams[0]
    account = Account("7")
    assert first_of(contacts, connection(), SYNC, account) == ""
    known = connection(contacts="2026-11-30T12:00:00+00:00", charges="2026-11-30T12:00:00+00:00")
    assert first_of(contacts, known, SYNC, account) == "2026-11-30T11:50:00+00:00"
    assert first_of(charges, known, SYNC, account) == "2026-10-31T11:50:00+00:00"
    assert reached(contacts, SYNC, account) == NOW.isoformat()
