"""The HTTP API in front of the functions that answer requests."""

from typing import cast

from aws_cdk import Aws, Stack
from aws_cdk import aws_apigatewayv2 as apigw
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

from infra.constructs.access_log import access_log_format
from infra.constructs.acknowledge import acknowledge
from infra.constructs.function import function_id, make_log_group, vended_log_name
from infra.declarations import Function
from infra.routing import DEFAULT, route_keys
from infra.stage import Stage


class HttpApi(Construct):
    """One `$default` stage: throttled, and every request in its log."""

    def __init__(self, scope: Construct, construct_id: str, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        self.api = apigw.HttpApi(self, "Api", api_name=stage.physical_name("api"), create_default_stage=False)
        logs = make_log_group(self, "AccessLogs", stage, vended_log_name(stage, "api"))
        default = apigw.HttpStage(
            self,
            "Stage",
            http_api=self.api,
            stage_name="$default",
            auto_deploy=True,
            throttle=apigw.ThrottleSettings(rate_limit=stage.throttle_rate, burst_limit=stage.throttle_burst),
        )
        cast(
            "apigw.CfnStage", default.node.default_child
        ).access_log_settings = apigw.CfnStage.AccessLogSettingsProperty(
            destination_arn=logs.log_group_arn, format=access_log_format("http")
        )

    @property
    def domain(self) -> str:
        """Its host."""
        return f"{self.api.http_api_id}.execute-api.{Stack.of(self).region}.{Aws.URL_SUFFIX}"

    def serve(self, stack: Stack, function: lambda_.IFunction, declared: Function) -> None:
        """Send the requests it declares to the function, from its stack, with one permission for all of them.

        A permission per route would be a resource more for each: a stack may have 500.
        """
        home = Construct(stack, f"{function_id(declared.name)}Routes")
        integration = HttpLambdaIntegration("Integration", function, scope_permission_to_route=False)
        for key in route_keys(declared):
            path = key.partition(" ")[2]
            route_key = apigw.HttpRouteKey.with_(path, apigw.HttpMethod.ANY)
            apigw.HttpRoute(home, key, http_api=self.api, route_key=route_key, integration=integration)
        _acknowledge(home)

    def serve_the_rest(self, stack: Stack, function: lambda_.IFunction) -> None:
        """Send the function what no route takes, with a permission of its own: that for all routes is about
        `api/stage/METHOD/path`, and `$default` calls as `api/stage/$default`."""
        integration = HttpLambdaIntegration("Integration", function, scope_permission_to_route=False)
        default = apigw.HttpRouteKey.DEFAULT
        route = apigw.HttpRoute(stack, "Otherwise", http_api=self.api, route_key=default, integration=integration)
        _acknowledge(route)
        source = Stack.of(self).format_arn(
            service="execute-api", resource=self.api.http_api_id, resource_name=f"*/{DEFAULT}"
        )
        function.add_permission(
            "Otherwise", principal=iam.ServicePrincipal("apigateway.amazonaws.com"), source_arn=source
        )


def _acknowledge(routes: Construct) -> None:
    acknowledge(
        routes,
        "Functions authenticate callers themselves, by API key or token: an authorizer would be a second function in "
        "front of each, and cannot answer with our problem body.",
        "AwsSolutions-APIG4",
    )
