"""Functions that answer requests, as every stack makes its own: with layers, releases, and whom they trust."""

from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_

from infra.constructs.function import make_function
from infra.constructs.layers import Layers
from infra.constructs.origin_secret import OriginSecret
from infra.constructs.release import Releases
from infra.constructs.resources import Resources
from infra.declarations import Function
from infra.stage import Stage


class RequestFunctions:
    """Of one stack. `alarms` of the API in front of them roll a release back, beside each function's own."""

    def __init__(
        self,
        stack: Stack,
        stage: Stage,
        resources: Resources,
        secret: OriginSecret | None,
        alarms: Sequence[cloudwatch.IAlarm],
        public_url: str = "",
    ) -> None:
        self._stack = stack
        self._stage = stage
        self._resources = resources
        self._secret = secret
        self._public_url = public_url
        self._layers = Layers(stack, stage)
        self._releases = Releases(stack, "Releases", stage, alarms)

    def make(self, declared: Function) -> lambda_.FunctionBase:
        """What is to be called."""
        function = make_function(self._stack, declared, self._stage, self._resources, self._layers)
        if self._secret:
            self._secret.trust(function)
        if "PUBLIC_URL" in declared.settings:
            function.add_environment("PUBLIC_URL", self._public_url)
        return self._releases.live(function)
