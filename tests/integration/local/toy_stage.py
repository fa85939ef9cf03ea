"""A small system of handlers made for these tests, on the real local stage. Arguments: data folder, port."""

import sys
from pathlib import Path

from infra.declarations import (
    READ,
    Bucket,
    Function,
    Grant,
    Index,
    Queue,
    QueueTrigger,
    Routes,
    ScheduleTrigger,
    Secret,
    StreamTrigger,
    Table,
)
from infra.local.stage import System

_GRANTS = (Grant("table", "core", READ), Grant("table", "ephemeral", READ))
SYSTEM = System(
    functions=(
        Function(
            name="echo",
            feature="toys",
            routes=(Routes("/echo"), Routes("/v1", prefixes="own"), Routes("/echo/{id}/parts", greedy=False)),
            timeout=60,
            grants=(*_GRANTS, Grant("queue", "jobs", ("SendMessage",)), Grant("secret", "signing", ())),
            settings=("MAIL_TRANSPORT", "SMTP_URL"),
        ),
        Function(name="sluggard", feature="toys", routes=(Routes("/sluggard"),), timeout=3),
        Function(
            name="taker",
            feature="toys",
            timeout=60,
            trigger=QueueTrigger(queue="jobs"),
            grants=_GRANTS,
        ),
        Function(
            name="gatherer",
            feature="toys",
            timeout=60,
            trigger=QueueTrigger(queue="parts", batch_size=100, window_seconds=2),
            grants=_GRANTS,
        ),
        Function(name="idler", feature="toys", trigger=QueueTrigger(queue="idle")),
        Function(
            name="follower",
            feature="toys",
            timeout=60,
            trigger=StreamTrigger(table="core", filters=({"dynamodb": {"Keys": {"pk": {"S": ["seen"]}}}},), retries=2),
            grants=_GRANTS,
        ),
        Function(name="ticker", feature="toys", trigger=ScheduleTrigger(every_minutes=10), grants=_GRANTS),
        Function(
            name="timers",
            feature="toys",
            trigger=ScheduleTrigger(every_minutes=1, timers=True),
            timeout=60,
            grants=(*_GRANTS, Grant("queue", "reminders", ("SendMessage",))),
        ),
        Function(
            name="reminder",
            feature="toys",
            trigger=QueueTrigger(queue="reminders", timers=True),
            timeout=60,
            grants=_GRANTS,
        ),
        # Next due in 2029: not before the one test that goes there.
        Function(name="crasher", feature="toys", trigger=ScheduleTrigger(every_minutes=10 * 365 * 24 * 60)),
    ),
    tables=(
        Table(name="core", stream=True, indexes=(Index(name="gsi1", pk="gsi1pk", sk="gsi1sk"),)),
        Table(name="ephemeral", ttl="expires_at"),
    ),
    queues=(
        Queue(name="jobs", max_receives=2),
        Queue(name="parts"),
        Queue(name="kept"),
        Queue(name="idle"),
        Queue(name="reminders"),
    ),
    buckets=(Bucket(name="exports"),),
    secrets=(Secret(name="signing", template='{"kid": "initial"}', generated="secret"),),
    package="toys",
    path=(str(Path(__file__).parent),),
)


def main() -> int:
    from infra.local.claim import Claimed
    from infra.local.dev import Options, StartError, run
    from infra.local.output import Output

    options = Options(
        port=int(sys.argv[2]), data_dir=Path(sys.argv[1]), reset="--reset" in sys.argv, demo=False, rate_limits=True
    )
    try:
        with Output() as say:
            run(options, say, SYSTEM)
    except (StartError, Claimed) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
