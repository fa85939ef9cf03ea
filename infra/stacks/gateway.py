"""The HTTP API and its stage, and who answers what nobody owns. Other stacks bring their routes to it."""

from typing import Any

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from infra import catalogue
from infra.constructs.http_api import HttpApi
from infra.constructs.metrics import http_api_metric
from infra.constructs.origin_secret import OriginSecret
from infra.constructs.outputs import say_api_url
from infra.constructs.release import watch_api
from infra.constructs.requests import RequestFunctions
from infra.constructs.resources import Resources
from infra.stage import Stage


class GatewayStack(Stack):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        stage: Stage,
        resources: Resources,
        **options: Any,
    ) -> None:
        super().__init__(scope, construct_id, **options)
        self.secret = OriginSecret(self, "Origin", stage) if stage.waf else None
        self.http_api = HttpApi(self, "PublicApi", stage)
        self.alarms = watch_api(self, stage, http_api_metric(self.http_api.api.http_api_id, "5xx"))
        functions = RequestFunctions(self, stage, resources, self.secret, self.alarms)
        for declared in catalogue.FUNCTIONS:
            if declared.default_route:
                self.http_api.serve_the_rest(self, functions.make(declared))
        self.url: str = self.http_api.api.api_endpoint
        if not self.secret:
            say_api_url(self, self.url)
        CfnOutput(self, "HttpApiId", value=self.http_api.api.http_api_id, description="The HTTP API")
