"""Wire shapes of models."""

from typing import Annotated

from pydantic import Field, StringConstraints

from functions.scoring.values import Scalar
from groundswell.http.schema import In, Out, Time
from groundswell.leads.model import Status
from groundswell.scoring.regression.model import LogisticModel, Target

Name = Annotated[str, StringConstraints(min_length=1, max_length=150)]
Names = Annotated[tuple[Name, ...], Field(max_length=500)]


class TargetIn(In):
    """Leads whose `field` equals this were won; all others that have a value were not. By default those of `status`
    `converted` against those that are `lost`."""

    field: Name = "status"
    equals: Scalar = Status.CONVERTED.value


class TrainIn(In):
    """`features` are the fields that the model looks at, named as rules name them: absent or empty, all that there
    are, without `exclude`. Leave out what was known only afterwards."""

    target: TargetIn = Field(default_factory=TargetIn)
    features: Names | None = None
    exclude: Names = ()
    client_id: str | None = None


class TargetOut(Out):
    field: str
    equals: Scalar


class BandOut(Out):
    """Leads of similar chance: the mean that was predicted, the share that was won, and how many they are."""

    predicted: float
    observed: float
    n: int


class CoefficientOut(Out):
    """Log-odds. `value` is null for a number, whose coefficient is that of its standard deviation."""

    feature: str
    value: str | None
    coefficient: float


class ModelOut(Out):
    """`auc`, `log_loss` and `brier` are means over `folds`, `calibration` is of all leads: each is predicted by a model
    that never saw it."""

    id: str
    active: bool
    target: TargetOut
    rows: int
    positives: int
    folds: int
    auc: float
    log_loss: float
    brier: float
    calibration: list[BandOut]
    coefficients: list[CoefficientOut]
    created_by: str
    created_at: Time
    updated_at: Time
    version: int


def model_out(model: LogisticModel, active: str | None) -> ModelOut:
    evaluation = model.evaluation
    return ModelOut(
        id=model.id,
        active=model.id == active,
        target=TargetOut.model_validate(model.target),
        rows=model.rows,
        positives=model.positives,
        folds=evaluation.folds,
        auc=evaluation.auc,
        log_loss=evaluation.log_loss,
        brier=evaluation.brier,
        calibration=[BandOut.model_validate(band) for band in evaluation.calibration],
        coefficients=[CoefficientOut.model_validate(coefficient) for coefficient in model.coefficients()],
        created_by=model.created_by,
        created_at=model.created_at,
        updated_at=model.updated_at,
        version=model.version,
    )


def target_of(sent: TargetIn) -> Target:
    return Target(sent.field, sent.equals)
