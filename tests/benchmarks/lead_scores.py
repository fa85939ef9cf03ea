"""Leads scored by rules and by a model, and a model trained on 100,000 leads with 50 fields: CPU of one core."""

from datetime import UTC, datetime
from random import Random
from time import process_time
from typing import Any

from threadpoolctl import threadpool_limits

from groundswell.scoring.model import Axis, Condition, Method, Operator, Rule, RuleSet, Subject
from groundswell.scoring.regression.features import Categorical, Numeric
from groundswell.scoring.regression.model import LogisticModel, Target
from groundswell.scoring.regression.training import Trained, train
from groundswell.scoring.scorer import Scorer
from tests.benchmarks.report import Figure, Say, at_least, at_most, table

NOW = datetime(2026, 12, 1, tzinfo=UTC)
FIELDS = 50
_RULES = (
    ("c1", Operator.EQUALS, "a"),
    ("c2", Operator.IN, ["b", "c"]),
    ("n0", Operator.GT, 0.5),
    ("n1", Operator.LTE, 0),
    ("title", Operator.CONTAINS, "head"),
    ("email_domain", Operator.EQUALS, "a.example"),
    ("phone", Operator.EXISTS, None),
    ("source", Operator.STARTS_WITH, "web"),
    ("company", Operator.NOT_EQUALS, "acme"),
    ("c3", Operator.EXISTS, False),
)


def measure(say: Say, leads: int) -> tuple[list[Figure], str]:
    columns, won = _leads(leads)
    say(f"{leads:,} leads with {FIELDS} fields")
    with threadpool_limits(1):  # a second thread that waits for the first one would count as CPU
        began = process_time()
        trained = train(columns, won)
        seconds = process_time() - began
    subjects = [_subject(columns, at) for at in range(min(leads, 20_000))]
    by_rules = _a_second(Scorer(RuleSet(_rules())), subjects)
    by_model = _a_second(Scorer(RuleSet(model=Method.LOGISTIC), _model(trained)), subjects)
    figures = [
        at_least("leads/s by ten rules (a core)", by_rules, 20_000),
        at_least(f"leads/s by a model of {FIELDS} fields (a core)", by_model, 5_000),
        at_most(f"training {leads:,} x {FIELDS}, five folds among it (s of CPU)", seconds, 5, spell="{:.1f}"),
    ]
    rows = [(figure.name, figure.measured) for figure in figures]
    return figures, table("Lead scores", ("", "measured"), rows)


def _a_second(scorer: Scorer, subjects: list[Subject]) -> float:
    began = process_time()
    for subject in subjects:
        scorer.score(subject, NOW)
    return len(subjects) / (process_time() - began)


def _leads(rows: int) -> tuple[dict[str, list[Any]], list[bool]]:
    drawn = Random(1)
    half = FIELDS // 2
    columns: dict[str, list[Any]] = {
        f"n{at}": [drawn.gauss(0, 1) if drawn.random() > 0.05 else None for _ in range(rows)] for at in range(half)
    }
    columns |= {f"c{at}": drawn.choices("abcdefgh", k=rows) for at in range(half)}
    won = [drawn.random() < (0.6 if (value or 0) > 0 else 0.2) for value in columns["n0"]]
    return columns, won


def _subject(columns: dict[str, list[Any]], at: int) -> Subject:
    own = {"title": "Head of Growth", "email_domain": "a.example", "source": "web form", "company": "Ada"}
    return Subject({**own, "custom_fields": {name: values[at] for name, values in columns.items()}})


def _rules() -> tuple[Rule, ...]:
    return tuple(
        Rule(str(at), f"Rule {at}", Axis.FIT, Condition(field=field, operator=operator, value=value), 5)
        for at, (field, operator, value) in enumerate(_RULES)
    )


def _model(trained: Trained) -> LogisticModel:
    numeric = tuple(feature for feature in trained.features if isinstance(feature, Numeric))
    other = tuple(feature for feature in trained.features if isinstance(feature, Categorical))
    return LogisticModel("m", "c", "u", NOW, Target(), 1, 1, trained.evaluation, trained.intercept, numeric, other, NOW)
