"""Models of what becomes of leads: how fields become numbers, what is fitted, and what is said of a lead."""

from datetime import UTC, datetime
from math import log
from random import Random
from typing import Any

import numpy as np
import pytest

from groundswell.scoring.model import Method, RuleSet, Subject, Weights
from groundswell.scoring.regression.chances import BOUND, MOST, ChanceScorer
from groundswell.scoring.regression.encoding import Codes, Numbers, columns_of, design, learn
from groundswell.scoring.regression.evaluation import auc, brier, calibration, log_loss
from groundswell.scoring.regression.features import Categorical, Numeric, feature_names, plain
from groundswell.scoring.regression.model import Evaluation, LogisticModel, NotTrainable, Target
from groundswell.scoring.regression.newton import Problem, fit, sigmoid
from groundswell.scoring.regression.training import train
from groundswell.scoring.scorer import Scorer

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def leads(rows: int = 400) -> tuple[dict[str, list[Any]], list[bool]]:
    """Two columns that say something, one that says nothing, an id, and one that is the same for all."""
    drawn = Random(7)
    visits = [float(drawn.randrange(20)) if drawn.random() > 0.1 else None for _ in range(rows)]
    plans = [drawn.choice(["free", "pro", None]) for _ in range(rows)]
    noise = [drawn.choice("ab") for _ in range(rows)]
    logits = [(visit or 0) / 4 - 3 + 2 * (plan == "pro") for visit, plan in zip(visits, plans, strict=True)]
    won = [drawn.random() < 1 / (1 + np.exp(-logit)) for logit in logits]
    ids = [f"id{at}" for at in range(rows)]
    columns = {"visits": visits, "plan": plans, "noise": noise, "id": ids, "same": ["x"] * rows}
    return columns, won


def model(trained: Any) -> LogisticModel:
    numeric = tuple(feature for feature in trained.features if isinstance(feature, Numeric))
    other = tuple(feature for feature in trained.features if isinstance(feature, Categorical))
    evaluation = Evaluation(5, 0.5, 0.7, 0.25, ())
    return LogisticModel("m", "c", "u", NOW, Target(), 1, 1, evaluation, trained.intercept, numeric, other, NOW)


def subject(**custom: Any) -> Subject:
    return Subject({"custom_fields": custom})


def test_numbers_and_their_texts_are_one_and_lists_and_times_are_nothing() -> None:
    assert [plain(value) for value in (5, "5", "5.0", " Pro ", "", None, [1], NOW, True)] == [
        *[5.0] * 3,
        "pro",
        *[None] * 4,
        "true",
    ]


def test_what_the_team_makes_of_a_lead_is_no_feature() -> None:
    names = feature_names({"tags": ("hot",), "custom_fields": {"plan": 1, "source": 2}})
    assert not {"tags", "status", "owner_id", "score", "last_activity_at"} & set(names)
    assert {"plan", "custom_fields.source", "source"} <= set(names)


def test_a_column_of_ids_or_of_one_value_or_a_copy_says_nothing_and_fractions_are_no_ids() -> None:
    known = leads()[0]
    more = {"rate": [at / 7 for at in range(400)], "number": [float(at) for at in range(400)], "again": known["plan"]}
    columns = columns_of({**known, **more})
    assert [(column.name, type(column)) for column in columns] == [
        ("visits", Numbers),
        ("plan", Codes),
        ("noise", Codes),
        ("rate", Numbers),
    ]


def test_numbers_are_imputed_and_scaled_and_values_have_a_column_each() -> None:
    values: list[Any] = [*["a"] * 20, *["b"] * 20, *["c"] * 5, *[None] * 5]
    numbers = [*[1.0] * 25, *[3.0] * 20, *[None] * 5]
    matrix = design(learn(columns_of({"n": numbers, "v": values})), 50)
    assert matrix.shape == (50, 1 + 2 + 3)
    assert matrix[:, 1].mean() == pytest.approx(0)
    assert matrix[:, 1].std() == pytest.approx(1)
    assert matrix[:, 2].sum() == 5
    assert matrix[:, 3:].sum(axis=0).tolist() == [20, 20, 10]  # rare ones, among them that it is missing


def test_what_is_fitted_is_where_the_objective_has_no_slope() -> None:
    columns, won = leads()
    matrix = design(learn(columns_of(columns)), 400)
    problem = Problem(matrix, np.array(won, dtype=float), np.ones(400))
    weights = fit(problem, np.zeros(matrix.shape[1]))
    assert np.abs(problem.gradient(matrix @ weights, weights)).max() < 1e-4
    assert fit(problem, np.full(matrix.shape[1], 3.0)) == pytest.approx(weights, abs=1e-5)


def test_outcomes_that_a_field_tells_apart_are_fitted_all_the_same() -> None:
    columns = {"plan": ["pro", "free"] * 30}
    trained = train(columns, [True, False] * 30)
    assert trained.evaluation.auc == 1
    assert 0.9 < ChanceScorer(model(trained)).chance({"custom_fields": {"plan": "pro"}}).score < 1


def test_training_is_the_same_again_and_better_than_chance_on_unseen_leads() -> None:
    columns, won = leads()
    first = train(columns, won)
    assert first == train(columns, won)
    assert first.evaluation.auc > 0.75
    assert first.evaluation.brier < 0.2
    assert {feature.name for feature in first.features} == {"visits", "plan", "noise"}


def test_predicting_without_numpy_is_what_was_fitted() -> None:
    columns, won = leads()
    encoders = learn(columns_of(columns))
    matrix = design(encoders, 400)
    weights = fit(Problem(matrix, np.array(won, dtype=float), np.ones(400)), np.zeros(matrix.shape[1]))
    scorer = ChanceScorer(model(train(columns, won)))
    rows = [{name: column[at] for name, column in columns.items()} for at in range(400)]
    scores = [scorer.chance({"custom_fields": row}).score for row in rows]
    assert scores == pytest.approx(sigmoid(matrix @ weights).tolist(), abs=1e-4)


@pytest.mark.parametrize("won", [[True] * 400, [False] * 400, [at < 19 for at in range(400)]])
def test_one_kind_of_outcome_or_too_few_of_one_are_refused(won: list[bool]) -> None:
    with pytest.raises(NotTrainable, match="of 400 leads"):
        train(leads()[0], won)


def test_columns_that_say_nothing_are_refused() -> None:
    with pytest.raises(NotTrainable, match="No field"):
        train({"same": [1.0] * 60}, [True, False] * 30)


@pytest.mark.parametrize("row", [{"visits": 3, "plan": "PRO"}, {}, {"visits": "x", "plan": "new"}, {"visits": 1e9}])
def test_the_intercept_and_the_contributions_are_the_logit_to_the_last_digit(row: dict[str, Any]) -> None:
    chance = ChanceScorer(model(train(*leads()))).chance({"custom_fields": row})
    assert (
        chance.intercept + sum(contribution.contribution for contribution in reversed(chance.contributions))
        == chance.logit
    )
    assert log(chance.score / (1 - chance.score)) == pytest.approx(chance.logit, abs=1e-8)
    assert abs(chance.logit) <= MOST


def test_nobody_is_surer_than_the_bound_which_is_a_reason() -> None:
    chance = ChanceScorer(model(train(*leads()))).chance({"custom_fields": {"visits": 10_000}})
    assert (chance.logit, chance.contributions[-1].feature) == (MOST, BOUND)


def test_a_config_scores_by_its_method_and_by_rules_without_a_model() -> None:
    known, lead = model(train(*leads())), subject(visits=18, plan="pro")
    chance = ChanceScorer(known).chance(lead.fields).score
    assert Scorer(RuleSet(model=Method.LOGISTIC), known).score(lead, NOW).score == chance
    assert Scorer(RuleSet(model=Method.LOGISTIC)).score(lead, NOW).model is Method.RULES
    both = Scorer(RuleSet(model=Method.COMBINED, weights=Weights(0.25, 0.75)), known).score(lead, NOW)
    assert (both.score, both.rules_score) == (0.75 * chance, 0)


@pytest.mark.parametrize(
    ("target", "fields", "outcome"),
    [
        (Target(), {"status": "converted"}, True),
        (Target(), {"status": "lost"}, False),
        (Target(), {"status": "new"}, None),
        (Target("status", "qualified"), {"status": "new"}, False),
        (Target("Kept", 1), {"custom_fields": {"Kept": "1"}}, True),
        (Target("Kept", 1), {"custom_fields": {"Kept": 0}}, False),
        (Target("Kept", 1), {"custom_fields": {}}, None),
    ],
)
def test_only_leads_of_which_it_is_known_how_they_end_are_learned_from(
    target: Target, fields: dict[str, Any], outcome: bool | None
) -> None:
    assert target.outcome(Subject(fields)) is outcome


def test_figures_of_predictions() -> None:
    chances, won = [0.1, 0.4, 0.4, 0.8], [False, False, True, True]
    assert auc(chances, won) == 3.5 / 4
    assert brier(chances, won) == pytest.approx((0.01 + 0.16 + 0.36 + 0.04) / 4)
    assert log_loss([0.5, 0.5], [True, False]) == pytest.approx(log(2))
    assert [(bucket.n, bucket.observed) for bucket in calibration(chances, won)] == [(1, 0), (2, 0.5), (1, 1)]
    with pytest.raises(ValueError, match="one kind"):
        auc([0.1], [True])
