"""A model of what becomes of leads, and how good it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import exp
from typing import Any

from groundswell.kernel.errors import Conflict, Invalid, NotFound
from groundswell.leads.model import Status
from groundswell.scoring.model import Subject
from groundswell.scoring.regression.evaluation import Band
from groundswell.scoring.regression.features import Categorical, Numeric
from groundswell.scoring.values import reader, same_key

MODELS_AT_MOST = 50
ROWS_AT_MOST = 200_000
"""That a model is trained on: the newest."""
LEAST = 20
"""Of leads that were won, and of leads that were not."""
_CLOSED = (Status.CONVERTED.value, Status.LOST.value)


class ModelNotFound(NotFound):
    code = "MODEL_NOT_FOUND"
    message = "No such model"


class TooManyModels(Conflict):
    code = "TOO_MANY_MODELS"
    message = f"A client has at most {MODELS_AT_MOST} models"


class NotTrainable(Invalid):
    code = "NOT_TRAINABLE"


@dataclass(frozen=True)
class Target:
    """Which leads were won: those whose `field` equals this. Leads without a value are not looked at, and of `status`
    only those that are closed, if the target is one of the two ways to be that."""

    field: str = "status"
    equals: Any = Status.CONVERTED.value

    def outcome(self, subject: Subject) -> bool | None:
        """None: nothing is known of how it ends."""
        value = reader(self.field)(subject.fields)
        if value is None or (self._closed_only and same_key(value) not in _CLOSED):
            return None
        return bool(same_key(value) == same_key(self.equals))

    @property
    def _closed_only(self) -> bool:
        return self.field == "status" and same_key(self.equals) in _CLOSED


@dataclass(frozen=True)
class Evaluation:
    """Held out: every lead is predicted by a model that never saw it, on `folds` folds. The figures are the means over
    the folds, `calibration` is of all leads."""

    folds: int
    auc: float
    log_loss: float
    brier: float
    calibration: tuple[Band, ...]


@dataclass(frozen=True)
class LogisticModel:
    """`intercept` and what the features add are log-odds, in exact steps (`features.stepped`)."""

    id: str
    client_id: str
    created_by: str
    created_at: datetime
    target: Target
    rows: int
    positives: int
    evaluation: Evaluation
    intercept: float
    numeric: tuple[Numeric, ...]
    categorical: tuple[Categorical, ...]
    updated_at: datetime
    version: int = 0

    def coefficients(self) -> list[Mapping[str, Any]]:
        """What each feature and value adds: of a numeric one by its deviation."""
        rows: list[Mapping[str, Any]] = [{"feature": "(intercept)", "value": None, "coefficient": self.intercept}]
        for number in self.numeric:
            rows.append({"feature": number.name, "value": None, "coefficient": number.weight})
            if number.missing:
                rows.append({"feature": number.name, "value": "(missing)", "coefficient": number.missing})
        for feature in self.categorical:
            values = {**feature.values, "(rare)": feature.rare, "(missing)": feature.missing}
            rows += [{"feature": feature.name, "value": value, "coefficient": added} for value, added in values.items()]
        return rows


def sigmoid(logit: float) -> float:
    return 1 / (1 + exp(-logit)) if logit >= 0 else exp(logit) / (1 + exp(logit))


def need_both(positives: int, rows: int) -> None:
    """Raises NotTrainable."""
    if min(positives, rows - positives) < LEAST:
        raise NotTrainable(
            f"{positives} of {rows} leads with an outcome were won: at least {LEAST} that were and {LEAST} that were "
            "not are needed"
        )
