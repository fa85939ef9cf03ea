"""Training as an operation: reads the leads, some a step, then fits the model in one.

A step is safe to repeat: rows lie in numbered pieces, and the model has the operation's id.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Protocol

from groundswell.kernel.page import Page, Position
from groundswell.operations.model import Operation
from groundswell.scoring.model import Subject
from groundswell.scoring.regression.features import Categorical, Numeric, Plain, feature_names, read_plain
from groundswell.scoring.regression.model import ROWS_AT_MOST, LogisticModel, NotTrainable, Target

TRAIN = "scoring_train"
_PIECE = 2_000
_TOGETHER = 100
_FEATURES_AT_MOST = 500
type Row = tuple[bool, Mapping[str, Plain]]


class Leads(Protocol):
    def page(self, client_id: str, limit: int, position: Position | None) -> Page[Subject]:
        """Newest first."""


class Rows(Protocol):
    def put(self, operation: Operation, piece: int, rows: Sequence[Row]) -> None: ...

    def all(self, operation: Operation, pieces: int) -> Iterator[Sequence[Row]]: ...

    def clean(self, operation: Operation) -> None: ...


class Models(Protocol):
    def find(self, client_id: str, model_id: str) -> LogisticModel | None: ...

    def add(self, model: LogisticModel) -> None:
        """Once, whoever repeats it."""


class TrainJob:
    def __init__(self, leads: Leads, rows: Rows, models: Models, now: Callable[[], datetime]) -> None:
        self._leads = leads
        self._rows = rows
        self._models = models
        self._now = now

    def step(self, operation: Operation) -> Operation:
        if not operation.state.get("read"):
            return self._gathered(operation)
        model = self._models.find(operation.client_id, operation.id)  # by whoever died before saying so
        if model is None:
            model = self._trained(operation)
            self._models.add(model)
        self._rows.clean(operation)
        return operation.succeeded(quality_of(model))

    def outcome(self, operation: Operation) -> Mapping[str, str]:
        result = operation.result or {}
        return {name: str(result[name]) for name in ("model_id", "rows", "positives", "auc") if name in result}

    def _gathered(self, operation: Operation) -> Operation:
        """One piece more."""
        state = operation.state
        piece, known = int(state.get("pieces", 0)), int(state.get("rows", 0))
        rows, position = self._piece(operation, state.get("position"))
        self._rows.put(operation, piece, rows)
        total = known + len(rows)
        read = position is None or total >= ROWS_AT_MOST
        at = min(70, 5 + total // 1000)
        return operation.at(at, pieces=piece + 1, rows=total, position=dict(position or {}), read=read)

    def _piece(self, operation: Operation, position: Position | None) -> tuple[list[Row], Position | None]:
        target = Target(**operation.state["target"])
        rows, seen = list[Row](), 0
        while seen < _PIECE:
            page = self._leads.page(operation.client_id, _TOGETHER, position or None)
            seen, position = seen + max(1, len(page.items)), page.next
            rows += [(won, _features(lead)) for lead in page.items if (won := target.outcome(lead)) is not None]
            if position is None:
                break
        return rows, position

    def _trained(self, operation: Operation) -> LogisticModel:
        from groundswell.scoring.regression.training import train  # numpy: for this step alone

        target = Target(**operation.state["target"])
        rows = [row for piece in self._rows.all(operation, int(operation.state["pieces"])) for row in piece]
        outcomes = [won for won, _ in rows]
        names = _chosen(operation.state, (row for _, row in rows), target)
        trained = train({name: [row.get(name) for _, row in rows] for name in names}, outcomes)
        return LogisticModel(
            id=operation.id,
            client_id=operation.client_id,
            created_by=operation.by,
            created_at=operation.created_at,
            target=target,
            rows=len(rows),
            positives=sum(outcomes),
            evaluation=trained.evaluation,
            intercept=trained.intercept,
            numeric=tuple(feature for feature in trained.features if isinstance(feature, Numeric)),
            categorical=tuple(feature for feature in trained.features if isinstance(feature, Categorical)),
            updated_at=self._now(),
        )


def _features(subject: Subject) -> dict[str, Plain]:
    read = ((name, read_plain(name, subject.fields)) for name in feature_names(subject.fields))
    return {name: value for name, value in read if value is not None}


def _chosen(state: Mapping[str, Any], rows: Iterator[Mapping[str, Plain]], target: Target) -> list[str]:
    """By name. Raises NotTrainable for one that no lead has."""
    there = dict.fromkeys(name for row in rows for name in row)
    wanted: Sequence[str] = state.get("features") or list(there)
    if missing := [name for name in wanted if name not in there]:
        raise NotTrainable(f"No lead with an outcome has the field {missing[0]!r}")
    left = {*(state.get("exclude") or ()), target.field, target.field.removeprefix("custom_fields.")}
    return sorted(islice((name for name in wanted if name not in left), _FEATURES_AT_MOST))


def quality_of(model: LogisticModel) -> dict[str, Any]:
    """A model as an operation's result says it."""
    evaluation = model.evaluation
    return {
        "model_id": model.id,
        "rows": model.rows,
        "positives": model.positives,
        "folds": evaluation.folds,
        "auc": evaluation.auc,
        "log_loss": evaluation.log_loss,
        "brier": evaluation.brier,
        "calibration": [vars(band) for band in evaluation.calibration],
        "coefficients": model.coefficients(),
    }
