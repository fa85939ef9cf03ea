"""Whether the stacks have room for what is to come: one more HTTP function and one more worker in half of the groups.

The quotas: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (inline policies of a role),
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (environment, layers),
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html (routes).
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from aws_cdk.aws_lambda import Code
from constructs import Construct

from infra import catalogue
from infra.declarations import (
    READ,
    WRITE,
    Feature,
    Function,
    Grant,
    Group,
    Queue,
    QueueTrigger,
    Routes,
    ScheduleTrigger,
)
from infra.features import admin
from infra.stage import stage
from tests.infra.aws import plain, refused_routes
from tests.infra.synthesis import Synthesis

MOST_ROUTES = 300
ROOM, ENVIRONMENT_ROOM = 0.7, 0.8  # the admin's environment names every queue whose dead letters it reads
RESOURCES, OUTPUTS, TEMPLATE_BYTES = 500, 200, 1_000_000
POLICY_CHARACTERS, ENVIRONMENT_BYTES = 10_240, 4096
GROUPS: tuple[Group, ...] = get_args(Group.__value__)
_GRANTS = (
    Grant("table", "core", READ + WRITE),
    Grant("table", "events", READ),
    Grant("table", "ephemeral", READ + WRITE),
    Grant("bucket", "exports", ("GetObject", "PutObject")),
    Grant("key", "credentials", ("Encrypt", "Decrypt")),
)


def _http(number: int) -> Function:
    name = f"trial_{number}"
    return Function(
        name=name,
        feature=name,
        group=GROUPS[number % len(GROUPS)],
        routes=(Routes(f"/trial-{number}"), Routes(f"/clients/{{id}}/trial-{number}")),
        grants=(*_GRANTS, Grant("secret", "signing", ("GetSecretValue",))),
        settings=("PUBLIC_URL",),
    )


def _worker(number: int) -> Function:
    name = f"trial_jobs_{number}"
    by_queue = number % 2 == 0
    return Function(
        name=name,
        feature=name,
        group=GROUPS[number % len(GROUPS)],
        trigger=QueueTrigger(queue=f"trials_{number}") if by_queue else ScheduleTrigger(every_minutes=60),
        grants=_GRANTS,
    )


def _trial() -> tuple[Feature, ...]:
    functions = (*map(_http, range(3)), *map(_worker, range(3)))
    queues = tuple(
        Queue(name=function.trigger.queue) for function in functions if isinstance(function.trigger, QueueTrigger)
    )
    return (Feature(name="trial", functions=functions, queues=queues),)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Synthesis]:
    others = (*(feature for feature in catalogue.FEATURES if feature.name != "admin"), *_trial())
    features = (*others, admin.feature(others))
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(
            catalogue, "FUNCTIONS", tuple(function for feature in features for function in feature.functions)
        )
        monkeypatch.setattr(catalogue, "QUEUES", tuple(queue for feature in features for queue in feature.queues))
        monkeypatch.setattr("infra.constructs.function.function_code", _any_code)
        yield Synthesis(replace(stage("prod"), alarm_email="operators@example.com"), tmp_path_factory.mktemp("grown"))


def _any_code(scope: Construct, _name: str) -> Code:
    return Code.from_asset(str(Path(__file__).parent), exclude=["*"])


def test_an_http_api_has_room_for_every_route(grown: Synthesis) -> None:
    assert len(grown.resources("AWS::ApiGatewayV2::Route")) <= MOST_ROUTES
    assert refused_routes(grown) == []


def test_every_group_has_its_stacks(grown: Synthesis) -> None:
    for group in GROUPS:
        assert {f"Api{group.title()}", f"Workers{group.title()}"} <= set(grown.templates)


def test_stacks_use_less_than_seventy_percent_of_what_cloudformation_takes(grown: Synthesis) -> None:
    used = {
        name: (
            len(template["Resources"]) / RESOURCES,
            len(template.get("Outputs", {})) / OUTPUTS,
            len(json.dumps(template)) / TEMPLATE_BYTES,
        )
        for name, template in grown.templates.items()
    }

    assert {name: shares for name, shares in used.items() if max(shares) > ROOM} == {}


def test_roles_use_less_than_seventy_percent_of_what_iam_takes(grown: Synthesis) -> None:
    used = dict[str, int]()
    for policy in grown.resources("AWS::IAM::Policy"):
        document = json.dumps(
            _resolved(grown, policy.stack, policy.properties["PolicyDocument"]), separators=(",", ":")
        )
        for role in policy.properties["Roles"]:
            path = grown.words(policy.stack, role)
            used[path] = used.get(path, 0) + len(document)

    assert {path: size for path, size in used.items() if size > ROOM * POLICY_CHARACTERS} == {}


def test_environments_use_less_than_eighty_percent_of_what_lambda_takes(grown: Synthesis) -> None:
    used = {}
    for function in grown.functions():
        variables = _resolved(grown, function.stack, function.properties["Environment"]["Variables"])
        used[function.path] = sum(len(name) + len(value) for name, value in variables.items())

    assert {path: size for path, size in used.items() if size > ENVIRONMENT_ROOM * ENVIRONMENT_BYTES} == {}


def _resolved(synthesis: Synthesis, stack: str, value: Any) -> Any:
    """With references as long as what they stand for: a name that CloudFormation makes has about 60 characters, the ARN
    of one about 120, and a queue's URL the queue's name."""
    match value:
        case {"Ref": _} | {"Fn::GetAtt": _} | {"Fn::GetStackOutput": _} | {"Fn::Join": _}:
            words = plain(synthesis.words(stack, value))
            return (
                words if words.startswith(("arn:", "https:")) and "Data/" not in words else "x" * _LONGEST[_kind(words)]
            )
        case dict():
            return {key: _resolved(synthesis, stack, child) for key, child in value.items()}
        case list():
            return [_resolved(synthesis, stack, child) for child in value]
        case _:
            return value


_LONGEST = {"arn": 120, "name": 80}


def _kind(words: str) -> str:
    return "arn" if words.endswith(("Arn", "/*", "Id")) or "/index/" in words else "name"
