"""A function on a timer.

An EventBridge rule, not EventBridge Scheduler: its input transformer hands the due time to the function, it invokes by
a permission instead of a role of its own, and the emulator runs it unchanged (Scheduler's
`<aws.scheduler.scheduled-time>` reaches the handler unexpanded there).
"""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.declarations import Function, ScheduleTrigger
from infra.stage import Stage

RETRIES = 2
LONGEST_RETRY_MINUTES = 24 * 60  # the most EventBridge takes


def run_on_schedule(
    function: lambda_.FunctionBase,
    declared: Function,
    trigger: ScheduleTrigger,
    stage: Stage,
    dead_letters: sqs.IQueue,
) -> None:
    """The function's event is `{"schedule": <its name>, "due": <RFC 3339 UTC>}`.

    Calls that EventBridge could not make and runs that kept failing both end in `dead_letters`.
    """
    target = targets.LambdaFunction(
        function,
        dead_letter_queue=dead_letters,
        retry_attempts=RETRIES,
        max_event_age=Duration.minutes(min(trigger.every_minutes, LONGEST_RETRY_MINUTES)),
        event=events.RuleTargetInput.from_object({"schedule": declared.name, "due": events.EventField.time}),
    )
    events.Rule(
        Construct(function, "Schedule"),
        "Rule",
        rule_name=stage.physical_name(declared.name),
        description=f"Runs functions/{declared.name}",
        schedule=events.Schedule.rate(Duration.minutes(trigger.every_minutes)),
        targets=[target],
    )
