"""Where SDKs post events: one function, and a REST API that leaves every body as it is."""

from typing import Any

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from infra import catalogue
from infra.constructs.ingest_api import IngestApi
from infra.constructs.metrics import rest_api_metric
from infra.constructs.origin_secret import OriginSecret
from infra.constructs.outputs import say_ingest_url
from infra.constructs.release import watch_api
from infra.constructs.requests import RequestFunctions
from infra.constructs.resources import Resources
from infra.stage import Stage


class IngestStack(Stack):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        stage: Stage,
        resources: Resources,
        secret: OriginSecret | None,
        **options: Any,
    ) -> None:
        super().__init__(scope, construct_id, **options)
        alarms = watch_api(self, stage, rest_api_metric(stage.physical_name("ingest"), "5XXError"))
        functions = RequestFunctions(self, stage, resources, secret, alarms)
        live = functions.make(catalogue.function(catalogue.BYTES_FUNCTION))
        self.api = IngestApi(self, "BrowserApi", stage, live)
        if not secret:
            say_ingest_url(self, self.api.url)
        CfnOutput(self, "IngestApiId", value=self.api.api.rest_api_id, description="The REST API that SDKs post to")
