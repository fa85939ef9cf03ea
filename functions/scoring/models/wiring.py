"""The services of models."""

from functools import cache
from typing import Annotated

from functions.scoring.wiring import operations
from groundswell.http.provide import provide
from groundswell.scoring.regression.service import ModelService
from groundswell.scoring.regression.store import DynamoModelStore


@cache
def model_service() -> ModelService:
    return ModelService(DynamoModelStore(), operations())


Models = Annotated[ModelService, provide(model_service)]
