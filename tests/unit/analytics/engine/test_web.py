"""What happens on a site, against visits put together one event at a time."""

import random
from statistics import fmean, median

import pytest

from groundswell.analytics.engine.web import Web
from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.model import Granularity
from groundswell.analytics.questions.sessions import read, summarize
from groundswell.events.eventlog.model import DAY, HOUR, MINUTE
from groundswell.events.eventlog.window import Window
from tests.fakes.questions import FakeLake, happened
from tests.fakes.rows import row

START = 1_774_569_600_000
WINDOW = Window(START, START + 4 * DAY)
DAYS = Calendar(Granularity.DAY, "Europe/Berlin")


def _made(seed):
    """At moments of their own, since events of one millisecond have no order."""
    chance = random.Random(seed)
    times = sorted(chance.sample(range(-30 * 60, 5 * 24 * 60), 350))
    for at in times:
        server = chance.random() < 0.15
        page = {"page": {"path": chance.choice(["/", "/pricing", "/docs"]), "url": "https://x/?gclid=1"}}
        yield {
            "ts": START + at * MINUTE,
            "person": chance.choice(["ann", "bob"]),
            "session_id": chance.choice([None, None, "s1", "s2"]),
            "kind": chance.choice(["page", "track", "identify"]),
            "name": chance.choice(["a", "$pageleave"]),
            "context": (page if chance.random() < 0.7 else {})
            | chance.choice([{"channel": "server"}, {"library": {"name": "analytics-node"}}] if server else [{}])
            | {"device": {"type": chance.choice(["mobile", "desktop"])}},
        }


@pytest.mark.parametrize("seed", range(4))
def test_visits_are_those_that_one_event_after_the_other_makes(tmp_path, seed):
    made = list(_made(seed))
    lake = FakeLake(tmp_path, [happened(at, **fields) for at, fields in enumerate(made)])
    reach = read(WINDOW)
    rows = [row(**fields) for fields in made if fields["ts"] in reach]
    starts = DAYS.starts(WINDOW)
    wanted = summarize(rows, WINDOW, starts, 100)

    answer = lake.ask(Web(WINDOW, DAYS, top=100))

    total, names = wanted.total, ("visits", "events", "bounces", "mean_duration_ms", "median_duration_ms")
    assert [answer["totals"][name] for name in names] == pytest.approx(list(total))
    assert answer["totals"]["visitors"] == wanted.persons
    assert [point["visits"] for point in answer["series"]] == [wanted.buckets[start].sessions for start in starts]
    assert [point["bounces"] for point in answer["series"]] == [wanted.buckets[start].bounces for start in starts]
    for name, pages in (("entry", wanted.entries), ("exit", wanted.exits)):
        assert {entry["value"]: entry["visits"] for entry in answer["lists"][name]} == dict(pages), name
    assert answer["totals"]["bounces"] > 5
    assert answer["totals"]["visits"] > 20


def test_sources_devices_campaigns_and_pages_are_listed_and_broken_down_together(tmp_path):
    def visit(at, person, device, path, url="https://x.example/", **campaign):
        context = {"page": {"path": path, "url": url}, "device": {"type": device}, "campaign": campaign}
        return happened(at, START + at * HOUR, "page", person, kind="page", context=context)

    lake = FakeLake(
        tmp_path,
        [
            visit(1, "ann", "mobile", "/", "https://x.example/?a=1&gclid=abc", source="google", name="spring"),
            visit(3, "ann", "mobile", "/"),
            visit(5, "bob", "desktop", "/docs", source="google"),
            happened(6, START + 5 * HOUR + MINUTE, "page", "bob", kind="page", context={"page": {"path": "/"}}),
        ],
    )

    answer = lake.ask(Web(WINDOW, DAYS, breakdowns=("source", "device")))
    nothing = lake.ask(Web(Window(0, DAY), DAYS))
    mobile = lake.ask(Web(WINDOW, DAYS, where=[{"field": "device", "value": "mobile"}]))

    assert [(group["values"], group["visits"], group["bounces"]) for group in answer["groups"]] == [
        ({"source": "(direct)", "device": "mobile"}, 1, 1),
        ({"source": "google", "device": "desktop"}, 1, 0),
        ({"source": "google", "device": "mobile"}, 1, 1),
    ]
    lists = {name: {line["value"]: line["visits"] for line in lines} for name, lines in answer["lists"].items()}
    assert lists["page"] == {"/": 3, "/docs": 1}
    assert lists["click_id"] == {"gclid": 1}
    assert lists["campaign"] == {"spring": 1}
    assert lists["source"] == {"google": 2, "(direct)": 1}
    assert (lists["entry"], lists["exit"]) == ({"/": 2, "/docs": 1}, {"/": 3})
    assert (answer["totals"]["visitors"], answer["totals"]["bounce_rate"]) == (2, 0.666667)
    assert answer["totals"]["mean_duration_ms"] == fmean([0, 0, MINUTE])
    assert answer["totals"]["median_duration_ms"] == median([0, 0, MINUTE])
    assert mobile["totals"]["visits"] == 2
    assert (nothing["totals"]["visits"], nothing["totals"]["bounce_rate"], nothing["lists"]["page"]) == (0, None, [])
