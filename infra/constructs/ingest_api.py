"""A REST API for SDKs, which post gzip and call it `text/plain` or `application/json`.

An HTTP API decides by the content type whether a body is text, and destroys bytes it takes for text. Here every body
arrives as base64, in payload format 1.0.
"""

from aws_cdk import Aws, RemovalPolicy, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs.access_log import access_log_format
from infra.constructs.acknowledge import acknowledge
from infra.constructs.function import make_log_group, vended_log_name
from infra.routing import INGEST_STAGE
from infra.stage import Stage


class IngestApi(Construct):
    """Everything below its root goes to the one function."""

    def __init__(self, scope: Construct, construct_id: str, stage: Stage, function: lambda_.IFunction) -> None:
        super().__init__(scope, construct_id)
        logs = make_log_group(self, "AccessLogs", stage, vended_log_name(stage, "ingest"))
        self.api = apigateway.LambdaRestApi(
            self,
            "Api",
            rest_api_name=stage.physical_name("ingest"),
            handler=function,
            integration_options=apigateway.LambdaIntegrationOptions(scope_permission_to_method=False),
            binary_media_types=["*/*"],
            endpoint_types=[apigateway.EndpointType.REGIONAL],
            cloud_watch_role=True,
            # Of the account and region, so other stages of theirs need it too.
            cloud_watch_role_removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
            deploy_options=apigateway.StageOptions(
                stage_name=INGEST_STAGE,
                tracing_enabled=True,
                throttling_rate_limit=stage.throttle_rate,
                throttling_burst_limit=stage.throttle_burst,
                access_log_destination=apigateway.LogGroupLogDestination(logs),
                access_log_format=apigateway.AccessLogFormat.custom(access_log_format("rest")),
            ),
        )
        self._answer_pages()
        acknowledge(
            self.api,
            "The function checks keys and payloads: an authorizer or a model cannot read a compressed batch.",
            "AwsSolutions-APIG2",
            "AwsSolutions-APIG4",
            "AwsSolutions-COG4",
        )
        acknowledge(self.api, "The firewall stands before it, at CloudFront.", "AwsSolutions-APIG3")
        acknowledge(
            self.api,
            "Its access log has every request; execution logs would repeat them in a group nobody expires.",
            "AwsSolutions-APIG6",
        )
        acknowledge(
            self.api,
            "What AWS asks for, once per account and region, before a REST API may write access logs.",
            "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/"
            "AmazonAPIGatewayPushToCloudWatchLogs]",
        )

    def _answer_pages(self) -> None:
        """What the gateway answers by itself. A page may read no answer without CORS, and posthog-js loses what a 429
        refuses: too many requests are a 503, which every SDK sends again.
        """
        readable = {"Access-Control-Allow-Origin": "'*'"}
        for kind in (apigateway.ResponseType.DEFAULT_4_XX, apigateway.ResponseType.DEFAULT_5_XX):
            self.api.add_gateway_response(kind.response_type, type=kind, response_headers=readable)
        self.api.add_gateway_response(
            "Throttled",
            type=apigateway.ResponseType.THROTTLED,
            status_code="503",
            response_headers={**readable, "Retry-After": "'1'"},
        )

    @property
    def domain(self) -> str:
        """Its host. Made from the API alone, so that functions may know it before the API's stage exists."""
        return f"{self.api.rest_api_id}.execute-api.{Stack.of(self).region}.{Aws.URL_SUFFIX}"

    @property
    def url(self) -> str:
        return f"https://{self.domain}/{INGEST_STAGE}"
