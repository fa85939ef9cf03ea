"""What runs behind events (queues, streams and schedules), a stack for each group."""

from collections.abc import Sequence
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import catalogue
from infra.constructs.function import make_function
from infra.constructs.layers import Layers
from infra.constructs.queue import make_dead_letter_queue
from infra.constructs.release import Releases
from infra.constructs.resources import Resources
from infra.constructs.schedule import run_on_schedule
from infra.constructs.worker import consume_queue, consume_stream
from infra.declarations import Function, Group, QueueTrigger, ScheduleTrigger, StreamTrigger
from infra.stage import Stage


class WorkersStack(Stack):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        stage: Stage,
        declared: Sequence[Function],
        resources: Resources,
        **options: Any,
    ) -> None:
        super().__init__(scope, construct_id, **options)
        self._stage = stage
        self._resources = resources
        self._layers = Layers(self, stage)
        self._releases = Releases(self, "Releases", stage)
        for function in declared:
            self._add(function)

    def _add(self, declared: Function) -> None:
        resources, stage = self._resources, self._stage
        match declared.trigger:
            case QueueTrigger() as trigger:
                dead_letters = resources.dead_letters[trigger.queue]
                function = self._make(declared, dead_letters)
                consume_queue(function, resources.queues[trigger.queue], trigger, stage)
            case StreamTrigger() as trigger:
                dead_letters = make_dead_letter_queue(self, declared.name, stage)
                function = self._make(declared, dead_letters)
                consume_stream(function, resources.tables[trigger.table], trigger, dead_letters)
            case ScheduleTrigger() as trigger:
                dead_letters = make_dead_letter_queue(self, declared.name, stage)
                function = self._make(declared, dead_letters, called_by_event=True)
                run_on_schedule(function, declared, trigger, stage, dead_letters)

    def _make(
        self, declared: Function, dead_letters: sqs.IQueue, *, called_by_event: bool = False
    ) -> lambda_.FunctionBase:
        """What is to be called. A worker may put aside, with its reason, what it cannot handle."""
        event_letters = dead_letters if called_by_event else None
        function = make_function(self, declared, self._stage, self._resources, self._layers, event_letters)
        function.add_environment("QUEUE_DEAD_LETTERS", dead_letters.queue_url)
        function.add_to_role_policy(
            iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[dead_letters.queue_arn])
        )
        return self._releases.live(function)


def triggered(group: Group) -> list[Function]:
    """The group's functions behind queues, streams and schedules."""
    return [function for function in catalogue.FUNCTIONS if function.trigger and function.group == group]
