"""Logistic regression with an L2 penalty, by Newton's method with a curvature that is used as long as it leads on.
Needs numpy: training alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from groundswell.scoring.regression.encoding import Floats

_STEPS_AT_MOST = 200
_HALVINGS_AT_MOST = 30
_CLOSE_ENOUGH = 1e-7
"""The largest change of a weight that ends it."""
_LEADS_ON = 0.3
"""A step that is a larger part than this of the one before says that the curvature is another one by now."""
_TOGETHER = 4096
"""Rows at a time: what is computed of them fits the cache."""


@dataclass(frozen=True)
class Problem:
    """`rows` say how often each row of the design counts: 0 is held out."""

    design: Floats
    outcomes: Floats
    rows: Floats
    strength: float = 1.0

    @property
    def penalty(self) -> Floats:
        penalties = np.full(self.design.shape[1], self.strength)
        penalties[0] = 0.0
        return penalties

    def objective(self, margin: Floats, weights: Floats) -> float:
        """`margin` is the design times the weights: the log-odds of each row."""
        loss = np.dot(self.rows, np.logaddexp(0, margin) - self.outcomes * margin)
        return float(loss + 0.5 * np.dot(self.penalty, weights**2))

    def gradient(self, margin: Floats, weights: Floats) -> Floats:
        missed = self.rows * (sigmoid(margin) - self.outcomes)
        return np.asarray(missed @ self.design + self.penalty * weights)

    def curvature(self, weights: Floats) -> Floats:
        """In single precision: it says where to go, the gradient says when it is there."""
        hessian = np.diag(self.penalty + 1e-9)
        for piece, rows in self._pieces():
            chance = sigmoid(piece @ weights)
            spread = (np.sqrt(rows * chance * (1 - chance))[:, None] * piece).astype(np.float32)
            hessian += spread.T @ spread
        return hessian

    def _pieces(self) -> Iterator[tuple[Floats, Floats]]:
        for at in range(0, len(self.design), _TOGETHER):
            yield self.design[at : at + _TOGETHER], self.rows[at : at + _TOGETHER]


def fit(problem: Problem, start: Floats, curvature: Floats | None = None) -> Floats:
    """The weights that minimize log-loss summed over the rows plus `strength` / 2 x the squared weights, but for the
    first, which is the intercept's. The same input gives the same answer: nothing is drawn at random.

    The objective is convex, and steps that would not lower it are halved: it converges from any `start`. `curvature`
    is one of a problem close to this one.
    """
    at = _Place(start, problem.design @ start)
    hessian = problem.curvature(start) if curvature is None else curvature
    before = np.inf
    for _ in range(_STEPS_AT_MOST):
        step = np.linalg.solve(hessian, problem.gradient(at.margin, at.weights))
        size = float(np.max(np.abs(step)))
        if size <= _CLOSE_ENOUGH:
            break
        if size > _LEADS_ON * before:
            hessian, before = problem.curvature(at.weights), np.inf
            continue
        at, before = _descend(problem, at, step), size
    return at.weights


def sigmoid(margin: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(margin, -500, 500))))


@dataclass(frozen=True)
class _Place:
    weights: Floats
    margin: Floats


def _descend(problem: Problem, at: _Place, step: Floats) -> _Place:
    """What a step changes of the log-odds is the same however short it is made."""
    reached, along = problem.objective(at.margin, at.weights), problem.design @ step
    for halvings in range(_HALVINGS_AT_MOST):
        part = 0.5**halvings
        there = _Place(at.weights - part * step, at.margin - part * along)
        if problem.objective(there.margin, there.weights) <= reached:
            return there
    return at
