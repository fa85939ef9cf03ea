"""Every minute: what features wanted to hear of by now goes to their queues, those declared with `timers=True`."""

from collections.abc import Iterable

from infra.declarations import Feature, Function, Grant, QueueTrigger, ScheduleTrigger


def feature(others: Iterable[Feature]) -> Feature:
    """The tick may send to exactly the queues whose consumers take timers."""
    tick = Function(
        name="timers",
        feature="timers",
        trigger=ScheduleTrigger(every_minutes=1, timers=True),
        memory=1024,
        timeout=55,  # two ticks meet only where EventBridge fires one twice
        grants=(
            Grant("table", "core", ("Query", "BatchGetItem", "DeleteItem")),
            Grant("table", "ephemeral", ("PutItem", "UpdateItem")),
            *(Grant("queue", queue, ("SendMessage",)) for queue in timer_queues(others)),
        ),
    )
    return Feature(name="timers", functions=(tick,))


def timer_queues(features: Iterable[Feature]) -> list[str]:
    triggers = (function.trigger for feature in features for function in feature.functions)
    return [trigger.queue for trigger in triggers if isinstance(trigger, QueueTrigger) and trigger.timers]
