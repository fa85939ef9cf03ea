import json

import pytest

from infra import catalogue
from infra.declarations import Function, QueueTrigger, ScheduleTrigger, StreamTrigger, dead_letter_source
from tests.infra.synthesis import Resource, Synthesis, construct_id

MINUTES = {"minute": 1, "hour": 60, "day": 24 * 60}


def _triggered(kind: type) -> pytest.MarkDecorator:
    functions = [function for function in catalogue.FUNCTIONS if isinstance(function.trigger, kind)]
    return pytest.mark.parametrize("function", functions, ids=lambda function: function.name)


def _source(synthesis: Synthesis, function: Function) -> Resource:
    home = synthesis.function(function.name).path
    sources = synthesis.resources("AWS::Lambda::EventSourceMapping")
    [source] = [source for source in sources if source.path.startswith(f"{home}/") and source.path.endswith("/Source")]
    return source


def _queues(synthesis: Synthesis) -> dict[str, Resource]:
    return {resource.properties["QueueName"]: resource for resource in synthesis.resources("AWS::SQS::Queue")}


@_triggered(QueueTrigger)
def test_a_queues_failures_are_reported_one_by_one(any_stage: Synthesis, function: Function) -> None:
    assert isinstance(function.trigger, QueueTrigger)
    source = _source(any_stage, function)

    assert source.properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert source.properties["BatchSize"] == function.trigger.batch_size
    arn = any_stage.words(source.stack, source.properties["EventSourceArn"])
    assert arn == f"Data/{construct_id(function.trigger.queue)}Queue.Arn"


@_triggered(QueueTrigger)
def test_a_message_stays_hidden_for_six_times_its_consumers_timeout_and_the_window(
    any_stage: Synthesis, function: Function
) -> None:
    assert isinstance(function.trigger, QueueTrigger)
    queue = _queues(any_stage)[any_stage.stage.physical_name(function.trigger.queue)]
    window = _source(any_stage, function).properties["MaximumBatchingWindowInSeconds"]

    assert queue.properties["VisibilityTimeout"] >= 6 * function.timeout + window


@_triggered(QueueTrigger)
def test_a_backlog_cannot_take_the_accounts_environments_from_those_who_answer(
    any_stage: Synthesis, function: Function
) -> None:
    """Nor may it ask for more than are reserved: what is throttled comes back, and in the end goes to the dead letters.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
    """
    bound = _source(any_stage, function).properties.get("ScalingConfig")

    if any_stage.stage.cap_consumers:
        assert 2 <= bound["MaximumConcurrency"] <= (function.reserved or 100)
    else:
        assert (any_stage.stage.name, bound) == ("dev", None), "a bound doubles what empty queues cost"


def _sends_to(function: Function) -> set[str]:
    """The queues of ours that the function may send to."""
    return {grant.name for grant in function.grants if grant.kind == "queue" and "SendMessage" in grant.actions}


def _goes_round(function: Function) -> bool:
    """Whether a message of the function's can come back to it, over however many queues and functions."""
    reached, waiting = set[str](), [function]
    while waiting:
        for queue in _sends_to(waiting.pop()) - reached:
            reached.add(queue)
            waiting.append(catalogue.consumer(queue))
    return isinstance(function.trigger, QueueTrigger) and function.trigger.queue in reached


@pytest.mark.parametrize("function", catalogue.FUNCTIONS, ids=lambda function: function.name)
def test_lambda_lets_a_loop_be_where_one_is_declared_with_a_bound_and_nowhere_else(
    any_stage: Synthesis, function: Function
) -> None:
    """It stops what its own messages invoke after about 16 times:
    https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html.
    """
    properties = any_stage.function(function.name).properties
    rounds = function.trigger.rounds if isinstance(function.trigger, QueueTrigger) else None

    assert (rounds is not None) == _goes_round(function)
    assert properties.get("RecursiveLoop") == ("Allow" if rounds else None)
    assert properties["Environment"]["Variables"].get("ROUNDS") == (str(rounds) if rounds else None)


def test_no_queue_is_without_a_dead_letter_queue(any_stage: Synthesis) -> None:
    for name, queue in _queues(any_stage).items():
        if name.endswith("-dlq"):
            assert queue.properties["MessageRetentionPeriod"] == 14 * 24 * 3600, "the most SQS keeps"
        else:
            redrive = queue.properties["RedrivePolicy"]
            dead_letters = any_stage.words(queue.stack, redrive["deadLetterTargetArn"])
            assert dead_letters == _queues(any_stage)[f"{name}-dlq"].path + ".Arn"
            assert redrive["maxReceiveCount"] >= 2


def test_every_asynchronous_edge_has_a_dead_letter_queue(any_stage: Synthesis) -> None:
    sources = {dead_letter_source(function) for function in catalogue.FUNCTIONS if function.trigger}

    assert {any_stage.stage.physical_name(f"{source}-dlq") for source in sources} <= set(_queues(any_stage))


@pytest.mark.parametrize("function", [f for f in catalogue.FUNCTIONS if f.trigger], ids=lambda function: function.name)
def test_a_worker_knows_where_to_put_aside_what_it_cannot_handle(any_stage: Synthesis, function: Function) -> None:
    resource = any_stage.function(function.name)
    queue = any_stage.words(resource.stack, resource.properties["Environment"]["Variables"]["QUEUE_DEAD_LETTERS"])

    assert queue == _queues(any_stage)[any_stage.stage.physical_name(f"{dead_letter_source(function)}-dlq")].path


def test_queues_are_encrypted_and_insist_on_tls(dev: Synthesis, staging: Synthesis, prod: Synthesis) -> None:
    for synthesis in (dev, staging, prod):
        policies = [
            (
                synthesis.words(resource.stack, resource.properties["Queues"][0]),
                resource.properties["PolicyDocument"]["Statement"],
            )
            for resource in synthesis.resources("AWS::SQS::QueuePolicy")
        ]
        insisting = {
            queue
            for queue, statements in policies
            for statement in statements
            if statement["Effect"] == "Deny" and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        }
        assert insisting == {queue.path for queue in _queues(synthesis).values()}
        assert all(queue.properties["SqsManagedSseEnabled"] is True for queue in _queues(synthesis).values())


@_triggered(StreamTrigger)
def test_a_poison_record_of_a_stream_cannot_block_the_rest(any_stage: Synthesis, function: Function) -> None:
    assert isinstance(function.trigger, StreamTrigger)
    source = _source(any_stage, function)
    properties = source.properties

    assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert properties["BisectBatchOnFunctionError"] is True
    assert properties["MaximumRetryAttempts"] == function.trigger.retries
    destination = any_stage.words(source.stack, properties["DestinationConfig"]["OnFailure"]["Destination"])
    letters = _queues(any_stage)[any_stage.stage.physical_name(f"{function.name}-dlq")]
    assert destination == letters.path + ".Arn"


@_triggered(StreamTrigger)
def test_a_stream_is_read_from_its_beginning_and_only_what_passes_the_filter(
    any_stage: Synthesis, function: Function
) -> None:
    assert isinstance(function.trigger, StreamTrigger)
    source = _source(any_stage, function)
    properties = source.properties
    patterns = [
        json.loads(stream_filter["Pattern"])
        for stream_filter in properties.get("FilterCriteria", {}).get("Filters", [])
    ]

    assert properties["StartingPosition"] == "TRIM_HORIZON"
    assert patterns == list(function.trigger.filters)
    arn = any_stage.words(source.stack, properties["EventSourceArn"])
    assert arn == f"Data/{function.trigger.table.title()}Table.StreamArn"


def test_no_table_has_more_than_two_readers_of_its_stream() -> None:
    """DynamoDB throttles a stream that more than two processes read."""
    triggers = [function.trigger for function in catalogue.FUNCTIONS if isinstance(function.trigger, StreamTrigger)]

    for table in catalogue.TABLES:
        assert sum(trigger.table == table.name for trigger in triggers) <= 2


@_triggered(ScheduleTrigger)
def test_a_schedule_names_itself_and_its_due_time(any_stage: Synthesis, function: Function) -> None:
    assert isinstance(function.trigger, ScheduleTrigger)
    rule = _rule(any_stage, function)
    [target] = rule.properties["Targets"]
    transformer = target["InputTransformer"]
    [(variable, path)] = transformer["InputPathsMap"].items()

    number, unit = rule.properties["ScheduleExpression"].removeprefix("rate(").removesuffix(")").split()
    assert int(number) * MINUTES[unit.rstrip("s")] == function.trigger.every_minutes
    assert rule.properties["State"] == "ENABLED"
    assert path == "$.time", "of a scheduled event: when it was due"
    filled = transformer["InputTemplate"].replace(f"<{variable}>", '"2026-01-01T00:00:00Z"')
    assert json.loads(filled) == {"schedule": function.name, "due": "2026-01-01T00:00:00Z"}


@_triggered(ScheduleTrigger)
def test_a_run_that_fails_is_retried_and_then_kept(any_stage: Synthesis, function: Function) -> None:
    letters = _queues(any_stage)[any_stage.stage.physical_name(f"{function.name}-dlq")]
    [target] = _rule(any_stage, function).properties["Targets"]
    resource = any_stage.function(function.name)

    assert any_stage.words(resource.stack, target["DeadLetterConfig"]["Arn"]) == letters.path + ".Arn"
    assert target["RetryPolicy"]["MaximumRetryAttempts"] == 2
    assert 60 <= target["RetryPolicy"]["MaximumEventAgeInSeconds"] <= 86_400, "what EventBridge takes"
    own = resource.properties["DeadLetterConfig"]["TargetArn"]
    assert any_stage.words(resource.stack, own) == letters.path + ".Arn"


def _rule(synthesis: Synthesis, function: Function) -> Resource:
    [rule] = [
        resource
        for resource in synthesis.resources("AWS::Events::Rule")
        if resource.properties["Name"] == synthesis.stage.physical_name(function.name)
    ]
    return rule


def test_what_a_transaction_leaves_reaches_every_queue_but_those_that_only_requests_and_timers_feed() -> None:
    granted = {grant.name for grant in catalogue.function("outbox_publisher").grants if grant.kind == "queue"}

    assert {queue.name for queue in catalogue.QUEUES} - granted == {"reports"}
