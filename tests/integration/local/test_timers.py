"""Timers on the local stage, while its clock is advanced: each at its time and in order, whatever they set off."""

from datetime import datetime, timedelta
from uuid import uuid4

from groundswell.schedules.items import timer_row
from groundswell.schedules.timers import Timer

DAY = 86400


def now(stage) -> datetime:
    return datetime.fromisoformat(stage.http.get("/_local/clock").json()["now"])


def set_timer(stage, tenant: str, key: str, due: datetime, **payload: int) -> None:
    timer = Timer(tenant, "toy.reminder", key, due, "reminders", payload)
    stage.aws.dynamodb.put_item(TableName="groundswell-local-core", Item=timer_row(timer))


def advance(stage, seconds: float) -> list[dict]:
    fired = stage.http.post("/_local/clock/advance", json={"seconds": seconds}).json()["fired"]
    return [firing for firing in fired if firing["schedule"] == "timers"]


def reminded(stage, tenant: str) -> list[tuple[datetime, str, datetime]]:
    """(when, key, due) in the order of their coming."""
    rows = [row.split() for row in stage.rows(f"REMINDED#{tenant}")]
    return [(datetime.fromisoformat(when), key, datetime.fromisoformat(due)) for when, key, due in sorted(rows)]


def test_a_month_of_minutes_passes_in_order_from_one_timer_to_the_next(toy_stage):
    tenant, start = str(uuid4()), now(toy_stage)
    set_timer(toy_stage, tenant, "daily", start + timedelta(hours=1), every_hours=24, times=10)
    set_timer(toy_stage, tenant, "once", start + timedelta(days=3))
    set_timer(toy_stage, tenant, "beyond", start + timedelta(days=40))

    ticks = advance(toy_stage, 30 * DAY)

    heard = reminded(toy_stage, tenant)
    assert [key for _, key, _ in heard] == ["daily"] * 3 + ["once"] + ["daily"] * 7
    assert all(timedelta(0) <= when - due < timedelta(seconds=75) for when, _, due in heard)
    assert len(ticks) == len({tick["due"] for tick in ticks}) == 12  # one for each, and the last minute's


def test_a_timer_that_cannot_be_sent_holds_up_neither_the_clock_nor_others(toy_stage):
    tenant, start = str(uuid4()), now(toy_stage)
    lost = Timer(tenant, "toy.reminder", "lost", start + timedelta(hours=1), "nobody")
    toy_stage.aws.dynamodb.put_item(TableName="groundswell-local-core", Item=timer_row(lost))
    set_timer(toy_stage, tenant, "fine", start + timedelta(hours=5))

    ticks = advance(toy_stage, DAY)

    assert [key for _, key, _ in reminded(toy_stage, tenant)] == ["fine"]
    assert len(ticks) == 3
