"""What a function finds in its environment, from its declaration: the same in AWS and in the local stage."""

from collections.abc import Mapping

from infra.declarations import Function, QueueTrigger
from infra.stage import Stage

# What the HTTP kit reads in every function that answers requests.
EDGE_SETTINGS = ("PRINCIPAL_CACHE_SECONDS", "RATE_LIMITS", "FRONTEND_ORIGINS")


def environment(
    function: Function,
    stage: Stage,
    *,
    tables: Mapping[str, str],
    queues: Mapping[str, str],
    secrets: Mapping[str, str],
    keys: Mapping[str, str],
    buckets: Mapping[str, str],
) -> dict[str, str]:
    """Where what it was granted is (names of tables, URLs of queues and so on), the settings it declares, its own name.

    Raises KeyError when it declares a setting that no stage has.
    """
    places = {"table": tables, "queue": queues, "secret": secrets, "key": keys, "bucket": buckets}
    granted = {
        f"{grant.kind.upper()}_{grant.name.upper()}": places[grant.kind][grant.name]
        for grant in function.grants
        if grant.kind in places and not (grant.kind == "secret" and grant.name not in secrets)
    }
    settings = {
        name: stage.settings[name] for name in (*(EDGE_SETTINGS if function.routes else ()), *function.settings)
    }
    own = {"STAGE": stage.name, "SERVICE": function.name, **_rounds(function)}
    return {**own, **settings, **granted, **_dead_letters(function, stage), **function.environment}


def _rounds(function: Function) -> dict[str, str]:
    """What bounds a consumer that tells its own queue to go on."""
    match function.trigger:
        case QueueTrigger(rounds=int(rounds)):
            return {"ROUNDS": str(rounds)}
    return {}


def _dead_letters(function: Function, stage: Stage) -> dict[str, str]:
    """The sources whose dead-letter queues it was granted, and how such a queue is called: a variable for each would
    soon fill the 4 KB of an environment."""
    sources = [grant.name for grant in function.grants if grant.kind == "dead_letters"]
    if not sources:
        return {}
    return {"DEAD_LETTERS": ",".join(sources), "DEAD_LETTER_QUEUE": stage.physical_name("{source}-dlq")}
