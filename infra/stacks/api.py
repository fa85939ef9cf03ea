"""What answers requests: the functions, the APIs in front of them, and CloudFront where the stage has a firewall."""

from typing import Any

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from infra import catalogue
from infra.constructs.edge import Edge
from infra.constructs.function import make_function
from infra.constructs.http_api import HttpApi
from infra.constructs.ingest_api import IngestApi
from infra.constructs.layers import make_layers
from infra.constructs.metrics import http_api_metric
from infra.constructs.release import Releases, watch
from infra.constructs.resources import Resources
from infra.routing import patterns
from infra.stage import Stage


class ApiStack(Stack):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        stage: Stage,
        resources: Resources,
        firewall_arn: str | None,
        **options: Any,
    ) -> None:
        super().__init__(scope, construct_id, **options)
        layers = make_layers(self, stage)
        declared = [function for function in catalogue.FUNCTIONS if function.routes]
        functions = {each.name: make_function(self, each, stage, resources, layers) for each in declared}

        http_api = HttpApi(self, "PublicApi", stage)
        releases = Releases(self, "Releases", stage, self._alarms(http_api) if stage.gradual else ())
        live = {name: releases.live(function) for name, function in functions.items()}
        for each in declared:
            http_api.serve(live[each.name], each)
        ingest_api = IngestApi(self, "BrowserApi", stage, live[catalogue.BYTES_FUNCTION])

        api_url, ingest_url = http_api.api.api_endpoint, ingest_api.url
        self.distribution_id: str | None = None
        if firewall_arn:
            browser_paths = patterns(catalogue.function(catalogue.BYTES_FUNCTION), declared)
            edge = Edge(self, "Edge", stage, firewall_arn, http_api, ingest_api, browser_paths)
            for function in functions.values():
                edge.trust(function)
            api_url = ingest_url = edge.url
            self.distribution_id = edge.distribution.distribution_id
        public_url = stage.public_url or api_url
        for each in declared:
            if "PUBLIC_URL" in each.settings:
                functions[each.name].add_environment("PUBLIC_URL", public_url)

        self.http_api_id = http_api.api.http_api_id
        CfnOutput(self, "ApiUrl", value=api_url, description="Base URL of the API")
        CfnOutput(self, "DocsUrl", value=f"{api_url}/docs", description="The API's documentation")
        CfnOutput(self, "IngestUrl", value=ingest_url, description="What SDKs post to")
        CfnOutput(self, "HttpApiId", value=self.http_api_id, description="The HTTP API")
        CfnOutput(self, "IngestApiId", value=ingest_api.api.rest_api_id, description="The REST API that SDKs post to")

    def _alarms(self, http_api: HttpApi) -> list[cloudwatch.IAlarm]:
        """A route that crashes answers 500, which is no error of its function's."""
        return [watch(self, "ServerErrors", http_api_metric(http_api.api.http_api_id, "5xx"))]
