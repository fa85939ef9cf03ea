"""What a stage costs a month that nobody uses, counted in its templates. Free tiers are left out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from infra.cost import (
    ALARM,
    FIREWALL,
    FIREWALL_RULE,
    KMS_KEY,
    LAMBDA_CALL,
    LAMBDA_GB_S,
    LOG_BYTES,
    LOGS_GB,
    READ_UNIT,
    SECRET,
    SQS_REQUEST,
    TRACE,
    WRITE_UNIT,
    Item,
)
from infra.stage import Stage

DASHBOARD, CUSTOM_METRIC = 3.00, 0.30  # a month each
SNAP_START = 2.00  # likewise, about: a cached snapshot of a function's memory
METRICS_A_ROUTE = 4  # Count, Latency, 4xx, 5xx
HOURS = 730
# Lambda waits 20 s for messages, with five pollers. It may go down to two, unless a mapping has MaximumConcurrency:
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
POLLS = HOURS * 3600 / 20
POLLERS, CAPPED_POLLERS = 2, 5
# Of a schedule that finds nothing to do, in a cold environment and in a warm one. The tick of timers has 19 ms of CPU
# here (1 GB has 0.58 of a core), 8 queries and 2 writes: computed, and not yet seen on AWS. It logs as a request does.
COLD_SECONDS, WARM_SECONDS, WARM_FOR_MINUTES = 1.0, 0.2, 5
TICK_READS, TICK_WRITES = 8 * 0.5, 2
ROTATIONS = 2  # of a key that are billed, a month's fee each: from its third year on it costs three
_MINUTES = {"minute": 1, "hour": 60, "day": 24 * 60}

type Properties = Mapping[str, Any]


@dataclass(frozen=True)
class Made:
    """A resource of a template."""

    kind: str
    properties: Properties


def resources(target: Stage) -> list[Made]:
    """Everything in the stage's templates, synthesized without bundling."""
    from aws_cdk import App

    from infra.app import build

    with TemporaryDirectory() as out:
        app = App(context={"aws:cdk:bundling-stacks": []}, outdir=str(Path(out)))
        build(app, target)
        templates = [stack.template for stack in app.synth().stacks]
    bodies = [body for template in templates for body in template["Resources"].values()]
    return [Made(body["Type"], body.get("Properties", {})) for body in bodies]


def idle(made: Iterable[Made]) -> Iterator[Item]:
    by_kind: dict[str, list[Properties]] = {}
    for resource in made:
        by_kind.setdefault(resource.kind, []).append(resource.properties)

    def of(kind: str) -> list[Properties]:
        return by_kind.get(f"AWS::{kind}", [])

    keys, acls = of("KMS::Key"), of("WAFv2::WebACL")
    alarms = sum(map(_metrics, of("CloudWatch::Alarm")))
    rules = sum(len(acl["Rules"]) for acl in acls)
    mappings = list(filter(_of_queue, of("Lambda::EventSourceMapping")))
    yield Item(f"idle: {len(of('SecretsManager::Secret'))} secrets", len(of("SecretsManager::Secret")) * SECRET)
    yield Item(f"idle: {len(keys)} keys", len(keys) * KMS_KEY)
    yield Item(f"idle: polling {len(mappings)} empty queues", sum(map(polling, mappings)))
    functions = {function.get("FunctionName"): function for function in of("Lambda::Function")}
    yield from (_schedule(rule, functions[rule["Name"]]) for rule in of("Events::Rule") if "ScheduleExpression" in rule)
    yield Item(f"idle: alarms on {alarms} metrics", alarms * ALARM)
    yield Item("idle: dashboard", len(of("CloudWatch::Dashboard")) * DASHBOARD)
    yield Item(f"idle: firewall with {rules} rules", len(acls) * FIREWALL + rules * FIREWALL_RULE)
    yield Item("idle: metrics of each route", _detailed(of("ApiGatewayV2::Stage"), len(of("ApiGatewayV2::Route"))))
    yield Item("idle: snapshots", sum("SnapStart" in function for function in of("Lambda::Function")) * SNAP_START)
    rotated = sum(bool(key.get("EnableKeyRotation")) for key in keys)
    yield Item("idle: rotated keys, from year 3 on", rotated * ROTATIONS * KMS_KEY)


def polling(mapping: Properties) -> float:
    """Of one empty queue, a month."""
    pollers = CAPPED_POLLERS if mapping.get("ScalingConfig") else POLLERS
    return pollers * POLLS * SQS_REQUEST


def one_more_queue(made: Iterable[Made], *, alarms: bool) -> float:
    """A month: its polling, as this stage's, and with alarms on its age and its dead letters."""
    mapping = next(
        resource
        for resource in made
        if resource.kind == "AWS::Lambda::EventSourceMapping" and _of_queue(resource.properties)
    )
    return polling(mapping.properties) + 2 * ALARM * alarms


def _of_queue(mapping: Properties) -> bool:
    return "StartingPosition" not in mapping


def _metrics(alarm: Properties) -> int:
    """An alarm is billed by the metrics in it."""
    return max(1, sum("MetricStat" in metric for metric in alarm.get("Metrics", ())))


def _schedule(rule: Properties, function: Properties) -> Item:
    """A month of it. Its rule and its function have one name."""
    number, unit = rule["ScheduleExpression"].removeprefix("rate(").removesuffix(")").split()
    minutes = int(number) * _MINUTES[unit.rstrip("s")]
    runs = HOURS * 60 / minutes
    seconds = WARM_SECONDS if minutes <= WARM_FOR_MINUTES else COLD_SECONDS
    return Item(f"idle: {rule['Name'].split('-', 2)[2]}, {runs:,.0f} runs", runs * _run(seconds, function))


def _run(seconds: float, function: Properties) -> float:
    memory: int = function["MemorySize"]
    computed = LAMBDA_CALL + seconds * memory / 1024 * LAMBDA_GB_S
    capacity = TICK_READS * READ_UNIT + TICK_WRITES * WRITE_UNIT
    traced = TRACE if function["TracingConfig"]["Mode"] == "Active" else 0
    return computed + capacity + LOG_BYTES / 1e9 * LOGS_GB + traced


def _detailed(stages: Iterable[Properties], routes: int) -> float:
    detailed = any(stage.get("DefaultRouteSettings", {}).get("DetailedMetricsEnabled") for stage in stages)
    return routes * METRICS_A_ROUTE * CUSTOM_METRIC if detailed else 0
