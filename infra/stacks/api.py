"""What answers requests, a stack for each group: its functions, and their routes on the gateway's API."""

from collections.abc import Sequence
from typing import Any

from aws_cdk import Stack
from constructs import Construct

from infra import catalogue
from infra.constructs.requests import RequestFunctions
from infra.constructs.resources import Resources
from infra.declarations import Function, Group
from infra.stacks.gateway import GatewayStack
from infra.stage import Stage


class ApiStack(Stack):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        stage: Stage,
        declared: Sequence[Function],
        resources: Resources,
        gateway: GatewayStack,
        public_url: str,
        **options: Any,
    ) -> None:
        super().__init__(scope, construct_id, **options)
        functions = RequestFunctions(self, stage, resources, gateway.secret, gateway.alarms, public_url)
        for function in declared:
            gateway.http_api.serve(self, functions.make(function), function)


def served_by(group: Group) -> list[Function]:
    """The group's functions with routes of their own on the HTTP API: not what has an API of its own, nor the rest."""
    return [
        function
        for function in catalogue.FUNCTIONS
        if function.routes
        and function.group == group
        and not function.default_route
        and function.name != catalogue.BYTES_FUNCTION
    ]
