"""Strategies: by a model, by rules, and which results they prefer."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import fastjsonschema
import pytest

from groundswell.access.model import ClientContext, Role
from groundswell.language_model.model import AnswerUnusable, BudgetUsedUp, ModelUnreachable, NoModel, Reply, Usage
from groundswell.search.candidates import Candidate, Fact, Source, joined
from groundswell.search.choosing import urls_of
from groundswell.search.model import Budget, Factor, Filters, Goal, MadeBy, Market, Strategy, Weight
from groundswell.search.planning import STRATEGY_SCHEMA, queries_of
from groundswell.search.ranking import outcomes_of, rank
from groundswell.search.service import GoalService
from groundswell.search.snippets import Hit, person_in

NOW = datetime(2026, 11, 30, tzinfo=UTC)
WHO = ClientContext("client", "org", "ada", Role.MEMBER)
GOAL = Goal("g", "client", "org", "Find bakeries in Berlin that need software", "ada", NOW, NOW)
ANSWER = {
    "queries": [{"q": "bakery berlin", "reason": "the market"}, {"q": "bakery owner", "reason": "who decides"}],
    "filters": {"titles": ["Owner"], "industries": [], "locations": ["Berlin"], "keywords": [], "exclude": ["chain"]},
    "ranking": [{"factor": "title", "weight": 1, "reason": "owners decide"}],
}


class Store:
    def create(self, goal, strategy, cost):
        self.cost = cost
        return goal, strategy


class Model:
    def __init__(self, outcome) -> None:
        self.outcome = outcome
        self.asked = []

    async def ask(self, org_id, question):
        self.asked.append(question)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return Reply("", self.outcome, "gpt-4o", Usage(100, 20, Decimal("0.001")), 1.0)


def planned(outcome, **values):
    store, model = Store(), Model(outcome)
    service = GoalService(store, model, lambda: NOW, lambda: "g")
    made = asyncio.run(service.create(WHO, {"goal": GOAL.goal, **values}))
    return made.strategy, store.cost, model


def test_the_models_strategy_is_taken_and_what_the_goal_excludes_stays_excluded():
    fastjsonschema.validate(STRATEGY_SCHEMA, ANSWER)
    strategy, cost, model = planned(ANSWER, exclude=("franchise",), budget=Budget(searches=1))
    assert (strategy.made_by, strategy.model, cost.tokens, cost.dollars) == (MadeBy.AI, "gpt-4o", 120, Decimal("0.001"))
    assert [query.q for query in strategy.queries] == ["bakery berlin"]
    assert strategy.filters.exclude == ("franchise", "chain")
    assert GOAL.goal not in model.asked[0].instructions


@pytest.mark.parametrize(
    ("failure", "notice"),
    [
        (NoModel(), "MODEL_NOT_CONFIGURED"),
        (ModelUnreachable(), "SERVICE_UNAVAILABLE"),
        (AnswerUnusable(), "MODEL_ANSWER_UNUSABLE"),
        (BudgetUsedUp(1), "QUOTA_EXCEEDED"),
    ],
)
def test_rules_make_it_where_the_model_does_not_and_say_why(failure, notice):
    strategy, cost, _ = planned(failure)
    assert (strategy.made_by, strategy.notice, cost.tokens) == (MadeBy.RULES, notice, 0)
    assert strategy.queries[0].q == "bakeries Berlin software companies"


def test_a_budget_without_room_asks_no_model():
    strategy, _, model = planned(ANSWER, budget=Budget(tokens=100))
    assert (strategy.notice, model.asked) == ("SEARCH_BUDGET", [])


def test_rules_ask_for_each_combination_once_within_the_budget():
    goal = replace(
        GOAL,
        target_market=Market(("fintech", "banks"), ("CEO", "Head of Growth")),
        locations=("Berlin", "Hamburg"),
        exclude=("job offers",),
        budget=Budget(searches=9),
    )
    queries = [query.q for query in queries_of(goal)]
    assert queries[:2] == ['CEO fintech Berlin -"job offers"', 'CEO fintech Hamburg -"job offers"']
    assert len(set(queries)) == len(queries) == 9


def candidate(name: str, **facts: str) -> Candidate:
    known = {"name": name, **facts}
    return Candidate({key: Fact(value, 0.8) for key, value in known.items()}, (Source("https://a.example/", "now"),))


NO_FILTERS = Filters()


def strategy(*factors: Factor, filters: Filters = NO_FILTERS) -> Strategy:
    weights = tuple(Weight(factor, 1.0) for factor in factors)
    return Strategy("g", "client", (), filters, weights, MadeBy.RULES, "ada", NOW, NOW, "ada")


def test_won_and_lost_leads_rank_what_is_found_later():
    outcomes = outcomes_of(["Head of Growth", "Growth Lead", "VP Growth"], ["Office Manager", "Manager"])
    people = [
        candidate("Eve", title="Manager"),
        candidate("Ada", title="Growth Manager"),
        candidate("Al", title="Growth"),
    ]
    ranked = rank(people, strategy(Factor.HISTORY), outcomes)
    assert [ranking.candidate.value("name") for ranking in ranked] == ["Al", "Ada", "Eve"]
    assert ranked[0].why == "of leads with such titles 80% were won"
    assert [ranking.points for ranking in rank(people, strategy(Factor.HISTORY), outcomes_of(["Growth"], []))] == [
        0.5
    ] * 3


def test_whole_terms_rank_above_their_words_and_reasons_say_what_matched():
    filters = Filters(titles=("Head of Growth",))
    people = [
        candidate("Eve", title="Cook"),
        candidate("Al", title="Head of Sales"),
        candidate("Ada", title="Head of Growth"),
    ]
    ranked = rank(people, strategy(Factor.TITLE, filters=filters), outcomes_of([], []))
    assert [ranking.candidate.value("name") for ranking in ranked] == ["Ada", "Al", "Eve"]
    assert (ranked[0].points, ranked[0].why) == (1.0, "title matches Head of Growth")


def test_two_pages_about_one_person_are_one_result_and_surer():
    one = candidate("Ada Lovelace", company="Acme", email="ada@a.example")
    other = replace(
        candidate("Ada Lovelace", title="CEO", email="ada@a.example"), sources=(Source("https://b.example/", "now"),)
    )
    (both,) = joined([one, other])
    assert (both.facts["email"].confidence, both.value("title"), len(both.sources)) == (0.96, "CEO", 2)
    assert len(joined([one, candidate("Ada Lovelace", company="Other", phone="+4930901820")])) == 2


def test_networks_say_who_it_is_in_their_titles():
    hit = Hit(
        "https://www.linkedin.com/in/ada", "Ada Lovelace - Head of Growth - Acme | LinkedIn", "Reach: ada@a.example"
    )
    profile = person_in(hit, "now")
    assert {name: fact.value for name, fact in profile.facts.items()} == {
        "name": "Ada Lovelace",
        "title": "Head of Growth",
        "company": "Acme",
        "email": "ada@a.example",
    }
    assert person_in(Hit("https://a.example/", "Best bakeries in Berlin - Guide", ""), "now") is None


def test_pages_of_many_hosts_are_read_before_more_of_one():
    one = [Hit(f"https://a.example/{number}", "", "") for number in range(6)]
    other = [
        Hit("https://b.example/", "", ""),
        Hit("https://www.linkedin.com/in/x", "", ""),
        Hit("https://b.example/x.pdf", "", ""),
    ]
    urls = urls_of([one, other])
    assert urls[:2] == ["https://a.example/0", "https://b.example/"]
    assert urls[-2:] == ["https://a.example/4", "https://a.example/5"]
    assert len(urls) == 7
