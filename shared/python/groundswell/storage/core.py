"""The base of every item in the core table."""

from typing import Any, cast

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, VersionAttribute
from pynamodb.connection import TableConnection
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name


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


class ByGsi2(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]  # pynamodb's hook is untyped
    """The third order of lists: see `storage.listing`."""

    class Meta:
        index_name = "gsi2"
        projection = AllProjection()

    gsi2pk = UnicodeAttribute(hash_key=True)
    gsi2sk = UnicodeAttribute(range_key=True)


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
    gsi2pk = UnicodeAttribute(null=True)
    gsi2sk = UnicodeAttribute(null=True)
    kind = UnicodeAttribute()
    schema_version = NumberAttribute(default=1)
    version = VersionAttribute()
    expires_at = NumberAttribute(null=True)
    by_gsi1 = ByGsi1()
    by_gsi2 = ByGsi2()

    @classmethod
    def _get_connection(cls) -> TableConnection:
        """The one connection, on the process's one client.

        pynamodb would open a client per model class (30 of them cost 1.9 s); a class inherits the connection of a base
        that has one. The client is ours for its timeouts and retries; pynamodb has no public way to share it.
        """
        table: TableConnection = Model._get_connection.__func__(CoreItem)  # type: ignore[attr-defined]  # noqa: SLF001
        if table.connection._client is None:  # noqa: SLF001
            table.connection._client = cast("Any", dynamodb())  # noqa: SLF001
        return table


class OutboxItem(CoreItem):
    """Something to say once this transaction is committed; `outbox_publisher` reads it from the table's stream."""

    queue = UnicodeAttribute()
    body = UnicodeAttribute()
