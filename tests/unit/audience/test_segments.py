"""Whom a segment's rules mean, and which rules are none."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from groundswell.audience.segments.keeping import Keeper, Refresher
from groundswell.audience.segments.model import Match, Rule, Segment
from groundswell.audience.segments.rules import Predicate, check, never
from groundswell.kernel.errors import Invalid, PreconditionFailed
from groundswell.kernel.page import CountedPage, Page
from groundswell.leads.model import Lead

NOW = datetime(2026, 11, 30, tzinfo=UTC)
ADA = Lead(
    "ada",
    "c",
    "me",
    NOW - timedelta(days=3),
    NOW,
    NOW,
    NOW,
    title="Head of Growth",
    tags=("vip",),
    custom_fields={"seats": "40"},
    score=0.7,
    grade="B",
    list_ids=("news",),
)


def segment(*rules, match=Match.ALL, **more):
    return Segment("s", "c", "S", match, rules, "me", NOW, NOW, **more)


def holds(*rules, match=Match.ALL, counts=never):
    check(rules)
    return Predicate(segment(*rules, match=match)).holds(ADA, NOW, counts)


@pytest.mark.parametrize(
    "rule",
    [
        Rule("contains", field="title", value="head"),
        Rule("not_contains", field="title", value="intern"),
        Rule("in", field="tags", value=["vip", "y"]),
        Rule("not_in", field="tags", value=["x"]),
        Rule("gte", field="seats", value=40),
        Rule("not_exists", field="phone"),
        Rule("within", field="created_at", within="3d"),
        Rule("within_days", field="created_at", value=4),
        Rule("gte", score="score", value=0.7),
        Rule("in", score="grade", value=["A", "B"]),
        Rule("in", list="news"),
        Rule("not_in", list="other"),
        Rule("exists", list="other", value=False),
        Rule("not_exists", event="Order"),
        Rule("lt", event="Order", value=1),
        Rule("equals", event="Order", value=0),
    ],
)
def test_a_rule_that_holds_has_an_opposite_that_does_not(rule):
    assert holds(rule)
    opposite = replace(ADA, title=None, tags=("x",), custom_fields={}, phone="+1", created_at=NOW - timedelta(days=9))
    opposite = replace(opposite, title="intern", score=None, grade="D", list_ids=("other",))
    assert not Predicate(segment(rule)).holds(opposite, NOW, lambda *_: 3)


def test_all_rules_hold_or_any():
    yes, no = Rule("exists", field="title"), Rule("exists", field="phone")

    assert [holds(yes, no), holds(yes, no, match=Match.ANY), holds(no, match=Match.ANY)] == [False, True, False]


def test_events_are_counted_for_each_rule_in_its_own_window():
    rules = (Rule("gte", event="Seen", value=2, within="30d"), Rule("exists", event="Paid"))
    predicate = Predicate(segment(*rules))

    assert [(occurrence.event, occurrence.within) for occurrence in predicate.occurrences] == [
        ("Seen", timedelta(days=30)),
        ("Paid", None),
    ]
    assert predicate.holds(ADA, NOW, lambda at, _: (2, 1)[at])
    assert not predicate.holds(ADA, NOW, lambda at, _: (1, 1)[at])


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        (Rule("exists"), "field"),
        (Rule("exists", field="title", event="Paid"), "field"),
        (Rule("resembles", field="title"), "operator"),
        (Rule("gt", field="title", value=1), "operator"),
        (Rule("contains", event="Paid", value="x"), "operator"),
        (Rule("gte", event="Paid", value="often"), "value"),
        (Rule("gte", event="Paid", value=1, within="soon"), "within"),
        (Rule("within", field="title", within="3d"), "field"),
        (Rule("within", field="created_at"), "within"),
        (Rule("gt", list="news"), "operator"),
        (Rule("in", score="grade", value="B"), "value"),
    ],
)
def test_a_rule_that_is_none_names_what_is_wrong(rule, path):
    with pytest.raises(Invalid) as refused:
        check([Rule("exists", field="email"), rule])
    assert [problem.field for problem in refused.value.problems] == [f"rules.1.{path}"]


class Leads:
    """Refuses writes of what somebody else has changed."""

    def __init__(self, *leads):
        self.stored = {lead.id: lead for lead in leads}

    def find(self, client_id, lead_id):
        return self.stored.get(lead_id)

    def page(self, client_id, wanted, order, limit, position):
        inside = [
            lead for lead in self.stored.values() if not wanted.segments or wanted.segments[0] in lead.segment_ids
        ]
        return CountedPage(Page(tuple(inside)), None)

    def save(self, before, after):
        if self.stored[before.id].version != before.version:
            raise PreconditionFailed
        self.stored[after.id] = replace(after, version=before.version + 1)


class Segments:
    def __init__(self, *segments):
        self.segments = segments

    def page(self, client_id, limit, position):
        return Page(self.segments)


def test_a_lead_that_changes_comes_and_goes_and_what_events_say_is_left_alone():
    heads = replace(segment(Rule("contains", field="title", value="head")), id="heads")
    buyers = replace(segment(Rule("exists", event="Paid")), id="buyers")
    gone = replace(heads, id="gone", deleted_at=NOW)
    leads = Leads(replace(ADA, segment_ids=("buyers", "gone")))
    keeper = Keeper(Segments(heads, buyers, gone), leads, lambda: NOW)

    assert keeper.keep([leads.stored["ada"]]) == 1
    assert leads.stored["ada"].segment_ids == ("heads", "buyers")
    assert keeper.keep([leads.stored["ada"]]) == 0
    left = replace(leads.stored["ada"], title="Clerk")
    leads.stored["ada"] = left
    assert keeper.keep([replace(left, version=0), left]) == 1
    assert leads.stored["ada"].segment_ids == ("buyers",)


def test_refreshing_asks_everybody_and_whoever_changed_meanwhile_again():
    stale = replace(ADA, title=None)
    leads = Leads(replace(ADA, version=5), replace(ADA, id="bob", title=None))
    heads = segment(Rule("contains", field="title", value="head"))
    refresher = Refresher(leads, None, lambda: NOW)
    page, leads.page = leads.page, lambda *_: CountedPage(Page((stale, leads.stored["bob"])), None)

    assert refresher.refresh_page(heads, never, None).changed == 0
    leads.page = lambda *_: CountedPage(Page((replace(stale, title="Head"), leads.stored["bob"])), None)
    assert refresher.refresh_page(heads, never, None).changed == 1
    assert leads.stored["ada"].segment_ids == ("s",)
    leads.page = page
    assert [refresher.empty(heads), refresher.empty(heads)] == [1, 0]
    assert leads.stored["ada"].segment_ids == ()
