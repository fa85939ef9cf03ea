"""What can be done with models."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from groundswell.access.model import ClientContext
from groundswell.kernel.errors import Invalid
from groundswell.kernel.page import Page, Position
from groundswell.operations.model import Operation
from groundswell.scoring.regression.job import TRAIN
from groundswell.scoring.regression.model import MODELS_AT_MOST, LogisticModel, ModelNotFound, Target, TooManyModels


class ModelStore(Protocol):
    def find(self, client_id: str, model_id: str) -> LogisticModel | None: ...

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[LogisticModel]:
        """Newest first."""

    def count(self, client_id: str) -> int: ...


class Operations(Protocol):
    def start(self, who: ClientContext, job: str, state: Mapping[str, Any]) -> Operation: ...


class ModelService:
    def __init__(self, store: ModelStore, operations: Operations) -> None:
        self._store = store
        self._operations = operations

    def train(
        self, who: ClientContext, target: Target, features: Sequence[str] | None, exclude: Sequence[str]
    ) -> Operation:
        """Raises Invalid, TooManyModels."""
        if features is not None and not set(features) - set(exclude):
            raise Invalid.on("features", "none is left")
        if self._store.count(who.client_id) >= MODELS_AT_MOST:
            raise TooManyModels
        state = {"target": vars(target), "features": list(features or ()), "exclude": list(exclude)}
        return self._operations.start(who, TRAIN, state)

    def get(self, client_id: str, model_id: str) -> LogisticModel:
        """Raises ModelNotFound."""
        model = self._store.find(client_id, model_id)
        if model is None:
            raise ModelNotFound
        return model

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[LogisticModel]:
        """Newest first."""
        return self._store.page(client_id, limit, position)
