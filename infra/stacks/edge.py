"""CloudFront with the firewall, in front of both APIs."""

from typing import Any

from aws_cdk import Stack
from constructs import Construct

from infra.constructs.edge import Edge
from infra.constructs.http_api import HttpApi
from infra.constructs.ingest_api import IngestApi
from infra.constructs.origin_secret import OriginSecret
from infra.constructs.outputs import say_api_url, say_ingest_url
from infra.stage import Stage


class EdgeStack(Stack):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        stage: Stage,
        firewall_arn: str,
        http_api: HttpApi,
        ingest_api: IngestApi,
        secret: OriginSecret,
        **options: Any,
    ) -> None:
        super().__init__(scope, construct_id, **options)
        edge = Edge(self, "Edge", stage, firewall_arn, http_api, ingest_api, secret)
        self.url = edge.url
        self.distribution_id: str = edge.distribution.distribution_id
        say_api_url(self, edge.url)
        say_ingest_url(self, edge.url)
