"""Questions that are one statement, against counting by hand."""

import json
import random
import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from groundswell.analytics.engine import adapter_sandbox
from groundswell.analytics.engine.model import AT_ONCE, Table
from groundswell.analytics.engine.questions import question_of
from groundswell.analytics.engine.views import PERSONS, events_view
from groundswell.events.archiver.adapter_parquet import DuckSheets
from groundswell.events.archiver.layout import Row, of_rows
from groundswell.events.eventlog.model import HOUR, Event

START = round(datetime(2026, 3, 23, tzinfo=UTC).timestamp() * 1000)
DAYS = 12


@pytest.fixture(scope="module")
def events():
    """Of five persons, over a month with a change of the clocks: an event is (ts, person, name)."""
    chance = random.Random(7)
    return [
        (START + chance.randrange(-20 * 24, 16 * 24) * HOUR, f"p{chance.randrange(5)}", chance.choice("ab"))
        for _ in range(120)
    ]


@pytest.fixture(scope="module")
def ask(events, tmp_path_factory):
    folder = tmp_path_factory.mktemp("lake")
    with DuckSheets().sheet() as sheet:
        made = [
            Event(id=f"{at}", kind="track", name=name, ts=ts, user_id=person)
            for at, (ts, person, name) in enumerate(events)
        ]
        nobody = Event(id="nobody", kind="track", name="a", ts=START)
        sheet.add(of_rows([Row("B", at, 1, event) for at, event in enumerate([*made, nobody])]))
        path = str(sheet.save(folder / "1.parquet"))

    def answer(body):
        question = question_of(body)
        work = {
            "sql": question.statement.sql,
            "parameters": question.statement.parameters,
            "files": [path],
            "folder": str(folder),
            "views": [events_view([path], None), PERSONS],
            "limits": vars(AT_ONCE),
            "path": sys.path,
        }
        output = adapter_sandbox.run(json.loads(json.dumps(work)))
        return question.answer(msgspec.json.decode(output, type=Table), 0)

    return answer


def periods(events, granularity, tz, name):
    """Of each person, the periods it acts in."""
    acts = {}
    for ts, person, what in events:
        if name in (None, what) and ts < START + DAYS * 24 * HOUR:
            acts.setdefault(person, set()).add(first_of(ts, granularity, tz))
    return acts


def first_of(ts, granularity, tz):
    day = datetime.fromtimestamp(ts / 1000, ZoneInfo(tz)).date()
    return {"day": day, "week": day - timedelta(days=day.weekday()), "month": day.replace(day=1)}[granularity]


ASKED = pytest.mark.parametrize(
    ("granularity", "tz", "name"),
    [
        ("day", "UTC", None),
        ("day", "Europe/Berlin", "a"),
        ("day", "Asia/Kolkata", "b"),
        ("week", "America/New_York", None),
        ("month", "UTC", "a"),
    ],
)


def asked(kind, granularity, tz, name):
    return {
        "kind": kind,
        "from": START,
        "to": START + DAYS * 24 * HOUR,
        "timezone": tz,
        "granularity": granularity,
        "name": name,
    }


def shown(granularity, tz):
    """The first days of the periods that the range touches, oldest first."""
    return sorted({first_of(START + at * HOUR, granularity, tz) for at in range(DAYS * 24)})


@ASKED
def test_a_lifecycle_says_who_is_new_returns_comes_back_and_stays_away(ask, events, granularity, tz, name):
    acts, wanted = periods(events, granularity, tz, name), []
    for first in shown(granularity, tz):
        before = first_of(noon_before(first, tz), granularity, tz)
        here = [when for when in acts.values() if first in when]
        wanted.append(
            {
                "new": sum(min(when) == first for when in here),
                "returning": sum(before in when for when in here),
                "resurrecting": sum(before not in when and min(when) < first for when in here),
                "dormant": sum(before in when and first not in when for when in acts.values()),
            }
        )

    series = ask(asked("lifecycle", granularity, tz, name))["series"]

    assert [{kind: point[kind] for kind in wanted[0]} for point in series] == wanted
    assert [point["ts"][:10] for point in series] == [str(first) for first in shown(granularity, tz)]
    assert sum(sum(point.values()) for point in wanted) > 5


def noon_before(first, tz):
    noon = datetime(first.year, first.month, first.day, 12, tzinfo=ZoneInfo(tz)) - timedelta(days=1)
    return noon.timestamp() * 1000


@ASKED
def test_stickiness_says_in_how_many_periods_persons_act(ask, events, granularity, tz, name):
    acts, all_shown = periods(events, granularity, tz, name), set(shown(granularity, tz))
    numbers = [len(when & all_shown) for when in acts.values()]

    stickiness = ask(asked("stickiness", granularity, tz, name))

    assert stickiness["intervals"] == [
        {"periods": number, "persons": numbers.count(number)} for number in range(1, len(all_shown) + 1)
    ]
    assert stickiness["persons"] == sum(number > 0 for number in numbers)
