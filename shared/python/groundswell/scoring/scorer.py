"""Scores by a config: rules, a model, or both."""

from dataclasses import replace
from datetime import datetime

from groundswell.scoring.model import Chance, Method, RuleSet, Score, Subject
from groundswell.scoring.regression.chances import ChanceScorer
from groundswell.scoring.regression.model import LogisticModel
from groundswell.scoring.rules import RuleScorer


class Scorer:
    """Reuse it for many leads: it has made its config ready. Without a model the score is by rules."""

    def __init__(self, config: RuleSet, model: LogisticModel | None = None) -> None:
        self.config = config
        self._rules = RuleScorer(config)
        self._chances = ChanceScorer(model) if model and config.model is not Method.RULES else None

    @property
    def event_names(self) -> frozenset[str]:
        return frozenset(rule.when.event for rule in self.config.rules if rule.when.event)

    def score(self, subject: Subject, now: datetime) -> Score:
        """Events after `now` are not counted."""
        by_rules = self._rules.score(subject, now)
        if self._chances is None:
            return by_rules
        chance = self._chances.chance(subject.fields)
        score = self._combined(by_rules.rules_score, chance)
        limits = self.config.thresholds
        return replace(
            by_rules,
            score=score,
            grade=limits.grade(score),
            stage=limits.stage(score),
            model=self.config.model,
            chance=chance,
            weights=self.config.weights if self.config.model is Method.COMBINED else None,
        )

    def _combined(self, rules: float, chance: Chance) -> float:
        if self.config.model is Method.LOGISTIC:
            return chance.score
        weights = self.config.weights
        return max(0.0, min(1.0, weights.rules * rules + weights.logistic * chance.score))
