"""What AWS does with a template, as far as its documents say, so that tests can ask for the outcome.

ARNs with wildcards: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
("ARN condition operators": each of the six components separated by colons is checked on its own).
Who may call: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html.
What a version of a function is: https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html.
What an HTTP API calls as: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
and https://github.com/aws/serverless-application-model/issues/1860 (`$default`).
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import translate
from typing import Any

from tests.infra.synthesis import Resource, Synthesis

ACCOUNT, REGION, API_STAGE = "111122223333", "us-east-1", "$default"
DEFAULT_ROUTE = "$default"
STRONG, WEAK = "Fn::ImportValue", "Fn::GetStackOutput"
_COMPONENTS = 6


def arn_like(pattern: str, arn: str) -> bool:
    """`ArnLike`: a wildcard takes any characters, slashes too, but no colon between two of the first five parts."""
    patterns, parts = pattern.split(":", _COMPONENTS - 1), arn.split(":", _COMPONENTS - 1)
    return len(patterns) == len(parts) and all(map(_like, patterns, parts))


def string_like(pattern: str, value: str) -> bool:
    return _like(pattern, value)


def _like(pattern: str, value: str) -> bool:
    return re.fullmatch(translate(pattern.replace("[", "[[]")), value, re.DOTALL) is not None


def source_arn(api_id: str, route_key: str, region: str = REGION) -> str:
    """What an HTTP API says it calls a function for: `api/stage/METHOD/path`, and `api/stage/$default`."""
    prefix = f"arn:aws:execute-api:{region}:{ACCOUNT}:{api_id}/{API_STAGE}"
    if route_key == DEFAULT_ROUTE:
        return f"{prefix}/{DEFAULT_ROUTE}"
    method, path = route_key.split(" ")
    return f"{prefix}/{'GET' if method == 'ANY' else method}{path}"


def plain(words: str) -> str:
    """An ARN as `Synthesis.words` gives it, with an account and a region."""
    known = {"${AWS::Partition}": "aws", "${AWS::AccountId}": ACCOUNT, "${AWS::Region}": REGION}
    for pseudo, value in known.items():
        words = words.replace(pseudo, value)
    return words


def refused_routes(synthesis: Synthesis) -> list[str]:
    """Route keys of the HTTP API at which it may not call the function: a request there is answered 500."""
    integrations = {resource.path: resource for resource in synthesis.resources("AWS::ApiGatewayV2::Integration")}
    refused = []
    for route in synthesis.resources("AWS::ApiGatewayV2::Route"):
        target = synthesis.words(route.stack, route.properties["Target"]).removeprefix("integrations/")
        integration = integrations[target]
        called = synthesis.words(integration.stack, integration.properties["IntegrationUri"])
        api = synthesis.words(route.stack, route.properties["ApiId"])
        key = route.properties["RouteKey"]
        if not _may_call(synthesis, called, source_arn(api, key, synthesis.stage.region)):
            refused.append(key)
    return refused


def _may_call(synthesis: Synthesis, called: str, source: str) -> bool:
    permissions = synthesis.resources("AWS::Lambda::Permission")
    return any(
        _about(synthesis, permission) == _function(called)
        and permission.properties["Principal"] == "apigateway.amazonaws.com"
        and arn_like(plain(synthesis.words(permission.stack, permission.properties["SourceArn"])), source)
        for permission in permissions
    )


def _about(synthesis: Synthesis, permission: Resource) -> str:
    return _function(synthesis.words(permission.stack, permission.properties["FunctionName"]))


def _function(words: str) -> str:
    return words.removesuffix(".Arn")


def allows(
    synthesis: Synthesis, stack: str, document: Mapping[str, Any], service: str, action: str, context: Mapping[str, str]
) -> bool:
    """Whether a resource's own policy lets a service do this: one statement allows it, and none denies it."""
    applying = [
        statement["Effect"]
        for statement in document["Statement"]
        if _concerns(statement, service, action) and all(_holds(synthesis, stack, statement, context))
    ]
    return "Allow" in applying and "Deny" not in applying


def _concerns(statement: Mapping[str, Any], service: str, action: str) -> bool:
    principal = statement["Principal"]
    named = principal == "*" or principal.get("AWS") == "*" or service in _listed(principal.get("Service", []))
    return named and any(string_like(pattern, action) for pattern in _listed(statement["Action"]))


def _holds(
    synthesis: Synthesis, stack: str, statement: Mapping[str, Any], context: Mapping[str, str]
) -> Iterator[bool]:
    for operator, conditions in statement.get("Condition", {}).items():
        for key, wanted in conditions.items():
            values = [plain(synthesis.words(stack, value)) for value in _listed(wanted)]
            yield _compare(operator, values, context.get(key))


def _compare(operator: str, wanted: Iterable[str], actual: str | None) -> bool:
    if actual is None:  # a key that the request does not have matches nothing
        return False
    match operator:
        case "StringEquals":
            return actual in wanted
        case "Bool":
            return actual in {value.lower() for value in wanted}
        case "ArnLike":
            return any(arn_like(pattern, actual) for pattern in wanted)
    raise AssertionError(f"teach tests/infra/aws.py {operator}")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


class Refused(Exception):
    """What CloudFormation would not do, in its words as far as they are known."""


class Account:
    """Stacks of one account, as CloudFormation updates them one by one.

    An export that another stack imports cannot be removed or changed:
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html.
    `Fn::GetStackOutput` reads what the other stack has at that time, and couples nothing:
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html.
    """

    def __init__(self) -> None:
        self._deployed: dict[str, Mapping[str, Any]] = {}

    def deploy(self, synthesis: Synthesis) -> None:
        """Every stack, producers first. Raises Refused."""
        for name in synthesis.order:
            self._update(name, synthesis.templates[name])

    def _update(self, name: str, template: Mapping[str, Any]) -> None:
        others = {other: body for other, body in self._deployed.items() if other != name}
        exported = {export for body in others.values() for export in _exports(body)}
        for imported in set(occurrences(STRONG, template)) - exported:
            raise Refused(f"No export named {imported} found")
        for read in occurrences(WEAK, template):
            producer = read["StackName"].rpartition("-")[2]
            if read["OutputName"] not in others.get(producer, {}).get("Outputs", {}):
                raise Refused(f"{producer} has no output {read['OutputName']}")
        used = {export_name for body in others.values() for export_name in occurrences(STRONG, body)}
        for export in _exports(self._deployed.get(name, {})) - _exports(template):
            if export in used:
                raise Refused(f"Export {export} cannot be deleted as it is in use")
        self._deployed[name] = template


def _exports(template: Mapping[str, Any]) -> set[str]:
    return {output["Export"]["Name"] for output in template.get("Outputs", {}).values() if "Export" in output}


def occurrences(intrinsic: str, value: Any) -> Iterator[Any]:
    """What an intrinsic function is given, wherever it stands below the value."""
    match value:
        case dict():
            for key, child in value.items():
                if key == intrinsic:
                    yield child
                yield from occurrences(intrinsic, child)
        case list():
            for child in value:
                yield from occurrences(intrinsic, child)


class Lambda:
    """Publishes versions: none where code and configuration are what they were ("A version for this Lambda function
    exists"), and only what is published is called."""

    def __init__(self) -> None:
        self._published: dict[str, tuple[str, str]] = {}

    def deploy(self, synthesis: Synthesis) -> set[str]:
        """The functions whose version is new. Raises Refused for one that AWS has, and for code that nobody calls."""
        moved = set()
        for version in synthesis.resources("AWS::Lambda::Version"):
            called = synthesis.words(version.stack, version.properties["FunctionName"])
            function = next(function for function in synthesis.functions() if function.path == called)
            name, before = function.properties["FunctionName"], self._published.get(function.path)
            now = version.logical_id, _fingerprint(synthesis, function)
            if before and now[0] != before[0]:
                moved.add(name)
                if now[1] == before[1]:
                    raise Refused(f"A version for this Lambda function exists: {name}")
            elif before and now[1] != before[1]:
                raise Refused(f"{name} has new code, and its alias stays at the old version")
            self._published[function.path] = now
        return moved


_OF_NO_VERSION = frozenset({"Tags", "ReservedConcurrentExecutions", "RecursiveLoop", "Code", "Layers"})


def _fingerprint(synthesis: Synthesis, function: Resource) -> str:
    settings = {key: value for key, value in function.properties.items() if key not in _OF_NO_VERSION}
    layers = {resource.path: resource for resource in synthesis.resources("AWS::Lambda::LayerVersion", function.stack)}
    used = [layers[synthesis.words(function.stack, layer)] for layer in function.properties["Layers"]]
    keys = [function.properties["Code"]["S3Key"], *(layer.properties["Content"]["S3Key"] for layer in used)]
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode())
    for folder in map(synthesis.asset, keys):
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest.update(f"{path.relative_to(folder)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()
