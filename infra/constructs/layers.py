"""The layers. Each stack makes its own versions: one shared through an export could never be replaced."""

from collections.abc import Sequence

from aws_cdk import RemovalPolicy
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs.runtime import RUNTIME, architecture
from infra.declarations import Function, Layer
from infra.packaging.assets import layer_code, own_code
from infra.stage import Stage


class Layers:
    """Of one stack, made when the first function wants them."""

    def __init__(self, scope: Construct, stage: Stage) -> None:
        self._scope = scope
        self._stage = stage
        self._wheels: dict[Layer, lambda_.LayerVersion | None] = {}
        self._own = self._make("Groundswell", "shared/python/groundswell", own_code(scope))

    def of(self, function: Function) -> Sequence[lambda_.ILayerVersion]:
        """The wheels that it declares, which change with the lock file, and `groundswell`, which changes daily."""
        return [*filter(None, map(self._of_wheels, function.layers)), self._own]

    def _of_wheels(self, name: Layer) -> lambda_.LayerVersion | None:
        if name not in self._wheels:
            code = layer_code(self._scope, name, self._stage.architecture)
            made = self._make(f"{name.title()}Wheels", f"Third-party wheels: {name}", code) if code else None
            self._wheels[name] = made
        return self._wheels[name]

    def _make(self, construct_id: str, description: str, code: lambda_.Code) -> lambda_.LayerVersion:
        return lambda_.LayerVersion(
            self._scope,
            construct_id,
            description=description,
            code=code,
            compatible_runtimes=[RUNTIME],
            compatible_architectures=[architecture(self._stage)],
            removal_policy=RemovalPolicy.DESTROY,
        )
