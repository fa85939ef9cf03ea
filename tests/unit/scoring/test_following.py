"""A sweep is bounded, goes on where it ended, and scores nobody twice."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from groundswell.scoring.following import AT_ONCE, EVERY, Sweep
from groundswell.scoring.model import Axis, Condition, Rule, RuleSet

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


@dataclass
class World:
    """A client with so many leads that did something; remembers its timer, and dies after so many scores."""

    leads: list[str]
    clock: datetime = NOW
    timer: tuple[datetime, dict] | None = None
    swept: datetime | None = None
    scored: list[str] = field(default_factory=list)
    asked: list[tuple[datetime, datetime]] = field(default_factory=list)
    dies_after: int | None = None

    def find(self, _client, _version=None):
        when = Condition(event="Paid")
        return RuleSet(rules=(Rule("r", "Paid", Axis.ENGAGEMENT, when, 10.0),))

    def seen(self, _client, _names, since, until):
        self.asked.append((since, until))
        return set(self.leads)

    def find_many(self, _client, ids):
        return tuple(ids)

    def score(self, _client, leads):
        if self.dies_after is not None and len(self.scored) >= self.dies_after:
            self.dies_after = None
            raise RuntimeError
        self.scored += leads
        return len(leads)

    def last(self, _client):
        return self.swept

    def again(self, _client, _kind, due, payload):
        self.timer = (due, dict(payload))

    def done(self, _client, until):
        self.swept = until

    def fire(self):
        due, payload = self.timer
        self.clock = max(self.clock, due) + timedelta(seconds=20)
        return Sweep(self, self, self, self, self, lambda: self.clock).fire("c", payload)


def world(number, **more):
    return World([f"l{number:05}" for number in range(number)], timer=(NOW, {"org_id": "o"}), **more)


def test_many_leads_are_scored_some_at_a_time_each_once_and_the_next_sweep_begins_where_this_one_began():
    many = world(2 * AT_ONCE + 7)

    assert [many.fire() for _ in range(3)] == [AT_ONCE, AT_ONCE, 7]

    assert many.scored == many.leads
    assert len(set(many.asked)) == 1
    assert many.swept == many.asked[0][1]
    assert many.timer == (many.clock + EVERY, {"org_id": "o"})


def test_whoever_dies_on_the_way_is_followed_by_the_same_part_and_nobody_is_left_out():
    many = world(AT_ONCE + 250, dies_after=AT_ONCE + 100)
    for _ in range(3):
        try:
            many.fire()
        except RuntimeError:
            assert many.swept is None

    assert set(many.scored) == set(many.leads)
    assert many.swept == many.asked[0][1]
