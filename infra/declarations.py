"""The words in which a feature declares its functions. Plain data: CDK and the local stage read nothing else."""

from dataclasses import dataclass, field
from typing import Literal

type Prefixes = Literal["three", "own"]
type Group = Literal["core", "analytics", "growth", "content", "campaigns", "integrations"]
type Layer = Literal["core", "content", "pdf", "engine", "training"]


@dataclass(frozen=True, kw_only=True)
class Index:
    """A global secondary index that projects everything."""

    name: str
    pk: str
    sk: str


@dataclass(frozen=True, kw_only=True)
class Table:
    """A DynamoDB table. `kept` tables have PITR, deletion protection and RETAIN where the stage asks for it."""

    name: str
    pk: str = "pk"
    sk: str = "sk"
    indexes: tuple[Index, ...] = ()
    ttl: str | None = None
    stream: bool = False
    kept: bool = True


@dataclass(frozen=True, kw_only=True)
class Queue:
    """An SQS queue with its dead-letter queue `<name>-dlq`. Visibility is six times its consumer's timeout."""

    name: str
    max_receives: int = 5


@dataclass(frozen=True, kw_only=True)
class Secret:
    """A JSON secret whose `generated` member AWS fills with randomness at creation. With `setting`, only in stages that
    have it: a secret costs $0.40 a month, used or not."""

    name: str
    template: str
    generated: str
    setting: str = ""


@dataclass(frozen=True, kw_only=True)
class Key:
    """A symmetric KMS key that functions seal small secrets with: `storage.sealing`."""

    name: str
    purpose: str


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """An S3 bucket: private, encrypted, over TLS only. `kept` ones survive their stack where the stage keeps data.

    Objects are deleted after `expire_days`; where the stage keeps data, they move to Glacier Instant Retrieval, a fifth
    of the price and still read within milliseconds, after `cold_days`. No versions: what is erased is gone.
    `browsers_post` lets pages of any origin post forms that a function signed.
    """

    name: str
    expire_days: int | None = None
    cold_days: int | None = None
    kept: bool = True
    browsers_post: bool = False


@dataclass(frozen=True)
class Routes:
    """A prefix this function owns: the path itself where that is `bare`, and everything below it where `greedy`.

    `three` prefixes answer under `/api/v1`, `/api` and `/`; `own` answers at this path only. API Gateway tells a
    path from the same path with a slash at its end, and takes no route that ends so: a greedy one matches it.
    `by_programs` prefixes are called by vendors and mail programs, with whatever people wrote, from few addresses and
    often without a User-Agent: the firewall lets them in as it does events.
    """

    path: str
    greedy: bool = True
    bare: bool = True
    prefixes: Prefixes = "three"
    by_programs: bool = False


@dataclass(frozen=True, kw_only=True)
class QueueTrigger:
    """Messages of a queue, with partial failures reported (`ReportBatchItemFailures`).

    A batch is full, or `window_seconds` old; more than 10 messages need a window of a second at least.
    No more than `concurrency` batches are worked on at once (2 to 1000): a backlog must not take the account's
    environments from those who answer requests.
    A consumer that goes on by a message to its own queue says how many `rounds` of it there may be, and counts them
    (`ROUNDS`): Lambda, which stops such loops after about 16 rounds, lets this one be.
    With `timers` the consumer takes `schedules.timers.Firing`s, too: timers may name its queue.
    """

    queue: str
    batch_size: int = 10
    window_seconds: int = 0
    concurrency: int = 10
    rounds: int | None = None
    timers: bool = False


@dataclass(frozen=True, kw_only=True)
class StreamTrigger:
    """New images of a table's stream. `filters` are Lambda event filter patterns; any of them lets a record pass.

    Partial failures are reported, a failing batch is bisected, and what fails `retries` times goes to `<function>-dlq`.
    """

    table: str
    filters: tuple[dict[str, object], ...] = ()
    batch_size: int = 100
    window_seconds: int = 0
    retries: int = 5
    parallelization: int = 1


@dataclass(frozen=True, kw_only=True)
class ScheduleTrigger:
    """A rate in minutes. The handler's event is `{"schedule": <function>, "due": <RFC 3339 UTC>}`.

    One for `timers` has nothing to do while none is due: where the local stage's clock jumps, such rounds are passed
    over.
    """

    every_minutes: int
    timers: bool = False


type Trigger = QueueTrigger | StreamTrigger | ScheduleTrigger
type ResourceKind = Literal["table", "queue", "dead_letters", "secret", "key", "bucket", "ses", "metrics"]


@dataclass(frozen=True)
class Grant:
    """Exact actions on one resource, without the service's prefix: `Grant("table", "core", ("GetItem",))`.

    A bucket's `ListBucket` is about the bucket, its other actions about the objects in it.
    `dead_letters` is a dead-letter queue by its source, `metrics` are CloudWatch's, which has no resources to name.
    """

    kind: ResourceKind
    name: str
    actions: tuple[str, ...]


type PersonalDataUse = Literal["purge", "persons"]
"""What a function does with personal data, of all features: purge a client's, or erase and export persons'."""


@dataclass(frozen=True, kw_only=True)
class PersonalData:
    """`groundswell.<package>.privacy` says what personal data a feature keeps, in those tables and buckets."""

    package: str
    tables: tuple[str, ...] = ("core",)
    buckets: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Function:
    """One Lambda function: the folder `functions/<name>` whose `handler.handler` it runs.

    Its environment follows from `grants` (`TABLE_<NAME>`, `QUEUE_<NAME>`, `SECRET_<NAME>`, `KEY_<NAME>`,
    `BUCKET_<NAME>`, and `DEAD_LETTERS`, the sources of such queues) and `settings`, names the stage gives values to.
    Memory and disk (`/tmp`) in MB, timeout in seconds. `reserved` environments are its own, and no more than that, in
    stages that reserve concurrency.
    `group` is whose stack it is in, for requests or for events. `layers` are the third-party wheels that it imports:
    `core` has the project's own requirements, any other those of the dependency group of its name.
    `personal_data` hands it that of all features (`infra/personal_data.py`).
    """

    name: str
    feature: str
    group: Group = "core"
    layers: tuple[Layer, ...] = ("core",)
    routes: tuple[Routes, ...] = ()
    default_route: bool = False
    trigger: Trigger | None = None
    memory: int = 512
    disk: int = 512
    timeout: int = 10
    reserved: int | None = None
    grants: tuple[Grant, ...] = ()
    settings: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    personal_data: PersonalDataUse | None = None

    @property
    def fits_snapshot(self) -> bool:
        """SnapStart takes no more than 512 MB of disk: https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html"""
        return self.disk <= 512


@dataclass(frozen=True, kw_only=True)
class Feature:
    """What one feature adds to the system."""

    name: str
    functions: tuple[Function, ...] = ()
    tables: tuple[Table, ...] = ()
    queues: tuple[Queue, ...] = ()
    secrets: tuple[Secret, ...] = ()
    keys: tuple[Key, ...] = ()
    buckets: tuple[Bucket, ...] = ()
    personal_data: tuple[PersonalData, ...] = ()


VISIBILITY_TIMEOUTS = 6


def visibility_seconds(consumer: Function) -> int:
    """How long a message stays hidden once its consumer has received it: retries of a batch must not overlap.

    Six timeouts and the window: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    """
    window = consumer.trigger.window_seconds if isinstance(consumer.trigger, QueueTrigger) else 0
    return VISIBILITY_TIMEOUTS * consumer.timeout + window


def dead_letter_source(function: Function) -> str:
    """Whose `<source>-dlq` takes what this worker cannot handle: its queue's, else its own."""
    return function.trigger.queue if isinstance(function.trigger, QueueTrigger) else function.name


READ = ("GetItem", "BatchGetItem", "Query")
WRITE = ("PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem")
