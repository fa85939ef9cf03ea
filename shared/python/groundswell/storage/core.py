"""The base of every item in the core table, and writes that happen together or not at all."""

import random
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, VersionAttribute
from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from groundswell.kernel.errors import DomainError, Outage, PreconditionFailed, Unavailable
from groundswell.kernel.message import Message
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name

_FAILED = "ConditionalCheckFailed"
_CONFLICTS = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
_ATTEMPTS = 6


class _CoreTable(type):
    """Reads the table's name when it is first needed: importing a store must not need an environment."""

    @property
    def table_name(cls) -> str:
        return table_name("core")


class ByGsi1(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]  # pynamodb's hook is untyped
    """The second way to look: by tenant, mostly."""

    class Meta:
        index_name = "gsi1"
        projection = AllProjection()

    gsi1pk = UnicodeAttribute(hash_key=True)
    gsi1sk = UnicodeAttribute(range_key=True)


class CoreItem(Model):
    """Keys, version and expiry; subclasses add the attributes of one dataclass, by the same names.

    `version` counts writes: saving an item that someone else wrote since it was read is refused. It is left unset on
    an item that must not exist yet. `schema_version` tells a backfill what it still has to change.
    """

    class Meta(metaclass=_CoreTable):
        pass

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    gsi1pk = UnicodeAttribute(null=True)
    gsi1sk = UnicodeAttribute(null=True)
    kind = UnicodeAttribute()
    schema_version = NumberAttribute(default=1)
    version = VersionAttribute()
    expires_at = NumberAttribute(null=True)
    by_gsi1 = ByGsi1()


def connect() -> None:
    """Give every item class the one connection, on the process's one client.

    pynamodb would open a client per model class (30 of them cost 1.9 s); a class inherits the connection of a base
    that has one. The client is ours for its timeouts and retries.
    """
    connection = CoreItem._get_connection().connection  # noqa: SLF001 - pynamodb has no public way to share a client
    if connection._client is None:  # noqa: SLF001
        connection._client = cast("Any", dynamodb())  # noqa: SLF001


@dataclass(frozen=True)
class Change:
    """One item to put or delete, and the refusal to raise when its version is not the one that was read.

    With `only_if` nothing is written: the item that stands at these keys must satisfy the condition.
    """

    item: CoreItem
    refusal: DomainError
    deletes: bool = False
    only_if: Condition | None = None

    @property
    def order(self) -> int:
        """pynamodb sends checks before deletes before puts; the reasons come back in the order sent."""
        return 0 if self.only_if is not None else 1 if self.deletes else 2


def put(item: CoreItem, refusal: DomainError | None = None) -> Change:
    """Create (version unset) or overwrite the version that was read."""
    return Change(item, refusal or PreconditionFailed())


def delete(item: CoreItem, refusal: DomainError | None = None) -> Change:
    """Delete the version that was read."""
    return Change(item, refusal or PreconditionFailed(), deletes=True)


def check(item: CoreItem, only_if: Condition, refusal: DomainError) -> Change:
    """The transaction holds only while another item, which it leaves alone, satisfies the condition."""
    return Change(item, refusal, only_if=only_if)


class OutboxItem(CoreItem):
    """Something to say once this transaction is committed; `outbox_publisher` reads it from the table's stream."""

    queue = UnicodeAttribute()
    body = UnicodeAttribute()


def outbox(message: Message) -> Change:
    item = OutboxItem(f"OUTBOX#{message.id}", "OUTBOX", kind="outbox", queue=message.queue, body=message.body)
    return Change(item, PreconditionFailed())


def write(changes: Iterable[Change], messages: Iterable[Message] = ()) -> None:
    """Make all changes and leave all messages in the outbox, or none of it.

    Raises the refusal of the first change whose condition does not hold, Unavailable when the items stay contended.
    One change alone costs one write unit a KB; a transaction costs two.
    """
    connect()
    everything = [*changes, *(outbox(message) for message in messages)]
    if len(everything) == 1 and everything[0].order == 2:
        _write_one(everything[0])
    else:
        _write_all(everything)


def _write_one(change: Change) -> None:
    for attempt in range(_ATTEMPTS):
        try:
            change.item.save()
        except PutError as error:
            if error.cause_response_code == "ConditionalCheckFailedException":
                raise change.refusal from error
            if error.cause_response_code != "TransactionConflictException":
                raise
        else:
            return
        _back_off(attempt)
    raise Unavailable(Outage("storage", 1))


def _write_all(changes: list[Change]) -> None:
    ordered = sorted(changes, key=lambda change: change.order)
    for attempt in range(_ATTEMPTS):
        try:
            return _transact(ordered)
        except TransactWriteError as error:
            codes = [reason.code if reason else None for reason in error.cancellation_reasons]
            for change, code in zip(ordered, codes, strict=False):
                if code == _FAILED:
                    raise change.refusal from error
            if not _CONFLICTS.intersection(code for code in codes if code):
                raise
        _back_off(attempt)
    raise Unavailable(Outage("storage", 1))


def _back_off(attempt: int) -> None:
    time.sleep(random.uniform(0, 0.02 * 2**attempt))


def _transact(changes: list[Change]) -> None:
    with TransactWrite(connection=CoreItem._get_connection().connection) as transaction:  # noqa: SLF001
        for change in changes:
            if change.only_if is not None:
                transaction.condition_check(type(change.item), change.item.pk, change.item.sk, change.only_if)
            elif change.deletes:
                transaction.delete(change.item)
            else:
                transaction.save(change.item)
