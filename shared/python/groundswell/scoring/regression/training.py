"""From columns of leads and what became of them to a model, and how good it is on unseen leads. Needs numpy."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from groundswell.scoring.regression.encoding import Floats, Ints, columns_of, design, features, learn
from groundswell.scoring.regression.evaluation import auc, brier, calibration, log_loss
from groundswell.scoring.regression.features import Feature, Plain, stepped
from groundswell.scoring.regression.model import Evaluation, NotTrainable, need_both
from groundswell.scoring.regression.newton import Problem, fit, sigmoid

FOLDS = 5
_SEED = 42
_SOME = 10
_MANY = 20_000
"""Rows beyond which a tenth of them says where to begin."""


@dataclass(frozen=True)
class Trained:
    intercept: float
    features: tuple[Feature, ...]
    evaluation: Evaluation


def train(values: Mapping[str, Sequence[Plain]], outcomes: Sequence[bool]) -> Trained:
    """Of columns by their names. The same input gives the same model. Raises NotTrainable where too few were won or
    too few were not, and where no column says anything."""
    need_both(sum(outcomes), len(outcomes))
    encoders = learn(columns_of(values))
    if not encoders:
        raise NotTrainable("No field says anything: each has one value, or another one in every lead")
    won = np.array(outcomes, dtype=np.float64)
    problem = Problem(design(encoders, len(won)), won, np.ones(len(won)))
    start = _start(problem)
    curvature = problem.curvature(start)
    weights = fit(problem, start, curvature)
    evaluation = _evaluated(problem, weights, curvature)
    return Trained(stepped(float(weights[0])), features(encoders, weights.tolist()), evaluation)


def _start(problem: Problem) -> Floats:
    """Where fitting begins decides how long it takes, not where it ends."""
    zeros = np.zeros(problem.design.shape[1])
    if len(problem.outcomes) < _MANY:
        return zeros
    sample = slice(0, None, _SOME)
    return fit(Problem(problem.design[sample], problem.outcomes[sample], problem.rows[sample]), zeros)


def _evaluated(problem: Problem, weights: Floats, curvature: Floats) -> Evaluation:
    """Encoded by all leads, which says nothing of outcomes; fitted by those that are not held out."""
    won = problem.outcomes
    predicted = np.zeros(len(won))
    folds: list[tuple[list[float], list[bool]]] = []
    for unseen in folds_of(won):
        others = np.ones(len(won))
        others[unseen] = 0.0
        fitted = fit(Problem(problem.design, won, others), weights, curvature * (1 - 1 / FOLDS))
        predicted[unseen] = sigmoid(problem.design[unseen] @ fitted)
        folds.append((predicted[unseen].tolist(), won[unseen].astype(bool).tolist()))
    return Evaluation(
        FOLDS,
        fmean(auc(*fold) for fold in folds),
        fmean(log_loss(*fold) for fold in folds),
        fmean(brier(*fold) for fold in folds),
        calibration(predicted.tolist(), won.astype(bool).tolist()),
    )


def folds_of(won: Floats) -> Iterator[Ints]:
    """Rows of each part to be held out: with as many won leads each, the same ones for the same outcomes."""
    drawn = np.random.RandomState(_SEED)  # legacy: its sequence is the same in every version of numpy
    fold = np.zeros(len(won), dtype=np.int64)
    for outcome in (0.0, 1.0):
        rows = drawn.permutation(np.flatnonzero(won == outcome))
        fold[rows] = np.arange(len(rows)) % FOLDS
    for number in range(FOLDS):
        yield np.flatnonzero(fold == number)
