"""The templates of one stage as data, and a way to read CloudFormation's references as words."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from aws_cdk import App
from aws_cdk.cx_api import CloudAssembly

from infra.app import build
from infra.stage import Stage, stage

CONTEXT = {"aws:cdk:bundling-stacks": [], "aws:cdk:enable-path-metadata": True}


@dataclass(frozen=True)
class Resource:
    stack: str
    path: str
    kind: str
    body: dict[str, Any]
    logical_id: str

    @property
    def properties(self) -> dict[str, Any]:
        return self.body.get("Properties", {})


class Synthesis:
    """One stage, synthesized without bundling unless it is asked for."""

    def __init__(self, target: Stage, out: Path, *, bundled: bool = False) -> None:
        self.stage = target
        self._out = out
        app = App(context={**CONTEXT, **({"aws:cdk:bundling-stacks": ["**"]} if bundled else {})}, outdir=str(out))
        build(app, target)
        assembly = app.synth()
        self.templates = {stack.stack_name.rpartition("-")[2]: stack.template for stack in assembly.stacks}
        self.order = _producers_first(assembly)
        self.regions = {stack.stack_name.rpartition("-")[2]: stack.environment.region for stack in assembly.stacks}
        self._paths = {
            (name, logical): _path(name, logical, body)
            for name, template in self.templates.items()
            for logical, body in template["Resources"].items()
        }
        self._exports = {
            output["Export"]["Name"]: (name, output["Value"])
            for name, template in self.templates.items()
            for output in template.get("Outputs", {}).values()
            if "Export" in output
        }

    def asset(self, key: str) -> Path:
        """The folder behind `Code.S3Key` of a function, or `Content.S3Key` of a layer."""
        return self._out / f"asset.{key.removesuffix('.zip')}"

    def resources(self, kind: str, stack: str | None = None) -> list[Resource]:
        return [resource for resource in self.everything() if resource.kind == kind and stack in {None, resource.stack}]

    def everything(self) -> Iterator[Resource]:
        for name, template in self.templates.items():
            for logical, body in template["Resources"].items():
                yield Resource(name, self._paths[name, logical], body["Type"], body, logical)

    def outputs(self, stack: str) -> dict[str, str]:
        return {
            key: self.words(stack, value["Value"]) for key, value in self.templates[stack].get("Outputs", {}).items()
        }

    def functions(self) -> list[Resource]:
        """Ours: not those with which CDK carries the firewall's name from its region to the stage's."""
        return [
            resource for resource in self.resources("AWS::Lambda::Function") if "FunctionName" in resource.properties
        ]

    def function(self, name: str) -> Resource:
        physical = self.stage.physical_name(name)
        [resource] = [function for function in self.functions() if function.properties["FunctionName"] == physical]
        return resource

    def statements(self, function: str) -> list[dict[str, Any]]:
        """Everything the function's role may do: `Action` and `Resource` as lists of words."""
        resource = self.function(function)
        role = self.words(resource.stack, resource.properties["Role"]).removesuffix(".Arn")
        statements = []
        for policy in self.resources("AWS::IAM::Policy", resource.stack):
            if role in [self.words(policy.stack, role) for role in policy.properties["Roles"]]:
                statements += [self._statement(policy.stack, statement) for statement in _statements(policy)]
        return statements

    def actions(self, function: str) -> set[tuple[str, str]]:
        """Every (action, resource) that the function's role allows."""
        return {
            (action, resource)
            for statement in self.statements(function)
            for action in statement["Action"]
            for resource in statement["Resource"]
        }

    def _statement(self, stack: str, statement: dict[str, Any]) -> dict[str, Any]:
        return {
            **statement,
            "Action": _listed(statement["Action"]),
            "Resource": [self.words(stack, arn) for arn in _listed(statement["Resource"])],
        }

    def words(self, stack: str, value: Any) -> str:
        """`{"Fn::GetAtt": [...]}` in `stack` as `Data/CoreTable.Arn`, imports followed, joins joined."""
        match value:
            case str():
                return value
            case {"Ref": str(logical)}:
                return self._paths.get((stack, logical), f"${{{logical}}}")
            case {"Fn::GetAtt": [str(logical), str(attribute)]}:
                return f"{self._paths[stack, logical]}.{attribute}"
            case {"Fn::ImportValue": str(name)}:
                return self.words(*self._exports[name])
            case {"Fn::GetStackOutput": {"StackName": str(name), "OutputName": str(output)}}:
                producer = name.rpartition("-")[2]
                return self.words(producer, self.templates[producer]["Outputs"][output]["Value"])
            case {"Fn::Join": [str(separator), list(parts)]}:
                return separator.join(self.words(stack, part) for part in parts)
            case {"Fn::Select": [int(), {"Fn::Split": [":", arn]}]}:
                return self.words(stack, arn)  # a name out of an ARN: whose, is what tests ask
            case _:
                return json.dumps(value)


def _producers_first(assembly: CloudAssembly) -> list[str]:
    """The names of stacks in the order in which the CLI deploys them."""
    needs = {
        stack.stack_name: {other.stack_name for other in stack.dependencies if hasattr(other, "template")}
        for stack in assembly.stacks
    }
    return [name.rpartition("-")[2] for name in TopologicalSorter(needs).static_order()]


def _statements(policy: Resource) -> list[dict[str, Any]]:
    return policy.properties["PolicyDocument"]["Statement"]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _path(stack: str, logical: str, body: dict[str, Any]) -> str:
    """The construct's path below its stack, e.g. `Data/CoreTable`."""
    whole = body.get("Metadata", {}).get("aws:cdk:path", f"{stack}/{logical}")
    _, _, path = whole.partition("/")
    return f"{stack}/{path.removesuffix('/Resource')}"


@cache
def synthesized(name: str, out: Path, **overrides: Any) -> Synthesis:
    return Synthesis(replace(stage(name), **overrides), out)


def construct_id(name: str) -> str:
    """What CDK calls a thing of that declared name: `webhook_events` is `WebhookEvents`."""
    return "".join(part.title() for part in name.split("_"))
