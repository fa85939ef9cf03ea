"""What a model says of leads, made ready once: it is asked of many."""

from collections.abc import Iterator

from groundswell.scoring.model import Chance, Contribution
from groundswell.scoring.regression.features import Feature, plain
from groundswell.scoring.regression.model import LogisticModel, sigmoid
from groundswell.scoring.values import Fields, reader

MOST = 15.0
"""Log-odds, of either sign: nobody is surer than 1 in three million. What is beyond is taken off by a part of its own.
"""
BOUND = "(bound)"


class ChanceScorer:
    def __init__(self, model: LogisticModel) -> None:
        self._model = model
        features: tuple[Feature, ...] = (*model.numeric, *model.categorical)
        self._features = [(feature.name, reader(feature.name), feature.contribution) for feature in features]

    def chance(self, fields: Fields) -> Chance:
        parts = list(self._parts(fields))
        intercept = self._model.intercept
        logit = intercept + sum(part.contribution for part in parts)
        if abs(logit) > MOST:
            bound = MOST if logit > 0 else -MOST
            parts.append(Contribution(BOUND, bound - logit))
            logit = bound
        return Chance(self._model.id, sigmoid(logit), logit, intercept, tuple(parts))

    def _parts(self, fields: Fields) -> Iterator[Contribution]:
        """What adds nothing is left out."""
        for name, read, contribution in self._features:
            value = plain(read(fields))
            added = contribution(value)
            if added:
                yield Contribution(name, added, value)
