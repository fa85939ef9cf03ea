import json
from collections import Counter

import pytest

from infra import catalogue
from infra.routing import Router, route_keys
from tests.infra.aws import arn_like, refused_routes, source_arn
from tests.infra.synthesis import Resource, Synthesis

# All but what has an API of its own.
HTTP_FUNCTIONS = [
    function for function in catalogue.FUNCTIONS if function.routes and function.name != catalogue.BYTES_FUNCTION
]

GATEWAY_RESPONSE = "AWS::ApiGateway::GatewayResponse"


def _routes(synthesis: Synthesis) -> dict[str, str]:
    """Route key to function name."""
    integrations = {resource.path: resource for resource in synthesis.resources("AWS::ApiGatewayV2::Integration")}
    functions = {function.path: function.properties["FunctionName"] for function in synthesis.functions()}
    routes = {}
    for route in synthesis.resources("AWS::ApiGatewayV2::Route"):
        target = synthesis.words(route.stack, route.properties["Target"])
        integration = integrations[target.removeprefix("integrations/")]
        uri = synthesis.words(route.stack, integration.properties["IntegrationUri"])
        routes[route.properties["RouteKey"]] = functions[uri.removesuffix(".Arn").removesuffix("/Live")]
    return routes


def test_every_declared_route_leads_to_its_function_and_there_is_no_other(any_stage: Synthesis) -> None:
    assert _routes(any_stage) == {
        key: any_stage.stage.physical_name(function.name) for function in HTTP_FUNCTIONS for key in route_keys(function)
    }


@pytest.mark.parametrize("spelling", ["/api/v1", "/api", ""])
def test_a_path_answers_in_three_spellings_with_and_without_a_last_slash(spelling: str) -> None:
    router = Router(catalogue.FUNCTIONS)

    for path in ("/clients", "/clients/", "/clients/one", "/clients/one/keys/"):
        match = router.match(spelling + path)
        assert match is not None
        assert match.function.name == "clients"


def test_a_path_that_nobody_owns_is_answered_all_the_same(any_stage: Synthesis) -> None:
    assert _routes(any_stage)["$default"] == any_stage.stage.physical_name("system")


def test_what_sdks_post_has_an_api_of_its_own_and_no_route_on_the_other(any_stage: Synthesis) -> None:
    assert not [name for name in _routes(any_stage).values() if name == any_stage.stage.physical_name("ingest")]


def test_who_answers_what_nobody_owns_needs_no_other_route(any_stage: Synthesis) -> None:
    system = any_stage.stage.physical_name("system")

    assert [key for key, name in _routes(any_stage).items() if name == system] == ["$default"]


def test_api_gateway_takes_every_route(any_stage: Synthesis) -> None:
    routes = _routes(any_stage)

    assert len(routes) <= 300, "the quota of an HTTP API"
    assert not [key for key in routes if key.endswith("/")]


def test_the_api_may_call_the_function_of_every_route_and_of_none(any_stage: Synthesis) -> None:
    assert refused_routes(any_stage) == []


def test_a_function_has_one_permission_for_all_its_routes_and_one_where_it_answers_the_rest(
    any_stage: Synthesis,
) -> None:
    """A permission per route would be a resource more for each."""
    granted = Counter(
        any_stage.words(resource.stack, resource.properties["FunctionName"])
        for resource in any_stage.resources("AWS::Lambda::Permission")
        if resource.stack == "Gateway" or resource.stack.startswith("Api")
    )

    assert sorted(granted.values()) == [1] * (len(HTTP_FUNCTIONS) - 1) + [2]


def test_a_wildcard_of_an_arn_takes_slashes_and_no_more_than_there_are() -> None:
    every_route = "arn:aws:execute-api:us-east-1:111122223333:api/*/*/*"

    assert arn_like(every_route, source_arn("api", "ANY /api/v1/clients/{proxy+}"))
    assert arn_like(every_route, source_arn("api", "ANY /"))
    assert not arn_like(every_route, source_arn("api", "$default"))
    assert arn_like("arn:aws:execute-api:us-east-1:111122223333:api/*/$default", source_arn("api", "$default"))
    assert not arn_like("arn:aws:execute-api:*:api/*/*/*", source_arn("api", "ANY /a"))


def test_functions_get_payload_2_0(any_stage: Synthesis) -> None:
    integrations = any_stage.resources("AWS::ApiGatewayV2::Integration")

    assert {integration.properties["PayloadFormatVersion"] for integration in integrations} == {"2.0"}
    assert len(integrations) == len(HTTP_FUNCTIONS)


def _access_logs(synthesis: Synthesis) -> list[tuple[Resource, str]]:
    http = [
        (resource, resource.properties["AccessLogSettings"])
        for resource in synthesis.resources("AWS::ApiGatewayV2::Stage")
    ]
    rest = [
        (resource, resource.properties["AccessLogSetting"])
        for resource in synthesis.resources("AWS::ApiGateway::Stage")
    ]
    return [(resource, settings["Format"]) for resource, settings in http + rest]


def test_access_logs_have_every_request_but_neither_query_strings_nor_paths(any_stage: Synthesis) -> None:
    logs = _access_logs(any_stage)

    assert len(logs) == 2
    for _, line in logs:
        written = set(json.loads(line).values())
        assert {"$context.requestId", "$context.status", "$context.httpMethod"} <= written
        assert not [
            variable
            for variable in written
            if "query" in variable.lower() or "authorizer" in variable or "header" in variable
        ]
        assert not written & {"$context.path", "$context.rawPath", "$context.protocol.path"}


def test_a_stage_is_throttled(any_stage: Synthesis) -> None:
    [http] = any_stage.resources("AWS::ApiGatewayV2::Stage")
    [rest] = any_stage.resources("AWS::ApiGateway::Stage")
    settings = [http.properties["DefaultRouteSettings"], rest.properties["MethodSettings"][0]]

    for setting in settings:
        assert setting["ThrottlingRateLimit"] == any_stage.stage.throttle_rate > 0
        assert setting["ThrottlingBurstLimit"] == any_stage.stage.throttle_burst > 0


def test_browser_sdks_get_an_api_that_leaves_every_body_as_it_is(any_stage: Synthesis) -> None:
    [api] = any_stage.resources("AWS::ApiGateway::RestApi")
    methods = any_stage.resources("AWS::ApiGateway::Method")

    assert api.properties["BinaryMediaTypes"] == ["*/*"]
    targets = {any_stage.words(method.stack, method.properties["Integration"]["Uri"]) for method in methods}
    assert all(any_stage.function("ingest").path in target for target in targets)


def test_pages_may_read_what_the_gateway_refuses_and_too_many_requests_are_sent_again(any_stage: Synthesis) -> None:
    responses = {
        resource.properties["ResponseType"]: resource.properties for resource in any_stage.resources(GATEWAY_RESPONSE)
    }

    assert set(responses) == {"DEFAULT_4XX", "DEFAULT_5XX", "THROTTLED"}
    origin = "gatewayresponse.header.Access-Control-Allow-Origin"
    assert {response["ResponseParameters"][origin] for response in responses.values()} == {"'*'"}
    assert responses["THROTTLED"]["StatusCode"] == "503"
    assert responses["THROTTLED"]["ResponseParameters"]["gatewayresponse.header.Retry-After"] == "'1'"


def test_the_urls_are_outputs_of_what_stands_in_front(dev: Synthesis, prod: Synthesis) -> None:
    assert prod.outputs("Edge")["DocsUrl"] == prod.outputs("Edge")["ApiUrl"] + "/docs"
    assert prod.outputs("Edge")["IngestUrl"] == prod.outputs("Edge")["ApiUrl"]
    assert dev.outputs("Gateway")["DocsUrl"] == dev.outputs("Gateway")["ApiUrl"] + "/docs"
    assert dev.outputs("Ingest")["IngestUrl"].endswith("/live")
    for synthesis in (dev, prod):
        output_names = [name for stack in synthesis.templates for name in synthesis.outputs(stack)]
        assert [
            output_names.count(name) for name in ("ApiUrl", "DocsUrl", "IngestUrl", "HttpApiId", "IngestApiId")
        ] == [1] * 5


def test_links_in_mails_lead_to_the_api_unless_the_operator_says_otherwise(
    dev: Synthesis, staging: Synthesis, prod: Synthesis
) -> None:
    assert _public_url(dev) == dev.outputs("Gateway")["ApiUrl"]
    assert _public_url(prod) == prod.outputs("Edge")["ApiUrl"]
    assert _public_url(staging) == "https://api.example.com"


def _public_url(synthesis: Synthesis) -> str:
    auth = synthesis.function("auth")
    return synthesis.words(auth.stack, auth.properties["Environment"]["Variables"]["PUBLIC_URL"])
