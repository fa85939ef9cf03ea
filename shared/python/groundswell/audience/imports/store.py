"""Files of imports in S3, and their leads in DynamoDB, written together in few transactions."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

import msgspec
from botocore.exceptions import ClientError

from groundswell.audience.imports.job import REPORT, Lines
from groundswell.audience.imports.model import LARGEST, NotImportable, RowError, folder
from groundswell.audience.imports.planning import Pair
from groundswell.events.archiver.store import S3Objects
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.kernel.spreadsheet import table
from groundswell.leads.adapter_derived import counted, counters_of
from groundswell.leads.history import ChangeSet, changes_between
from groundswell.leads.settings.types import CustomField
from groundswell.leads.store import DynamoLeadStore, uncounted
from groundswell.operations.model import Operation
from groundswell.storage.settings import bucket_name
from groundswell.storage.transaction import OPERATIONS_AT_MOST, Change, write
from groundswell.tenancy.members.store import DynamoTeam

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_SOURCE = "source.csv"
_MISSING = frozenset({"404", "NoSuchKey", "NotFound"})
_lines = msgspec.json.Decoder(list[tuple[int, list[str]]])
_errors = msgspec.json.Decoder(list[RowError])
_seen = msgspec.json.Decoder(dict[str, str])


class S3ImportFiles:
    """What a browser posts lies in `uploads`, everything else in `exports`."""

    def __init__(self, client: "S3Client") -> None:
        self._client = client
        self._kept = S3Objects(client, bucket_name("exports"))

    def put_source(self, client_id: str, import_id: str, data: bytes) -> None:
        self._kept.put(folder(client_id, import_id) + _SOURCE, data)

    def form(self, client_id: str, import_id: str, open_for: timedelta) -> tuple[str, Mapping[str, str]]:
        """Where a browser posts the file to, and with which fields. S3 takes none that is larger."""
        form = self._client.generate_presigned_post(
            bucket_name("uploads"),
            folder(client_id, import_id) + _SOURCE,
            Conditions=[["content-length-range", 1, LARGEST]],
            ExpiresIn=int(open_for.total_seconds()),
        )
        return form["url"], form["fields"]

    def has_arrived(self, client_id: str, import_id: str) -> bool:
        name = folder(client_id, import_id) + _SOURCE
        try:
            self._client.head_object(Bucket=bucket_name("uploads"), Key=name)
        except ClientError as error:
            if error.response["Error"]["Code"] in _MISSING:
                return False
            raise
        return True

    def source(self, operation: Operation) -> IO[bytes]:
        """A copy on disk. Raises NotImportable where the file is gone: uploads are kept for a day."""
        bucket = bucket_name("uploads" if operation.state["uploaded"] else "exports")
        try:
            response = self._client.get_object(Bucket=bucket, Key=_name(operation, _SOURCE))
        except ClientError as error:
            if error.response["Error"]["Code"] in _MISSING:
                raise NotImportable("The file is not there any more: send it again") from error
            raise
        file = TemporaryFile()  # noqa: SIM115  # whoever asked closes it
        for chunk in response["Body"].iter_chunks(1024 * 1024):
            file.write(chunk)
        return file

    def put_rows(self, operation: Operation, piece: int, rows: Lines) -> None:
        self._put(operation, f"rows/{piece:06d}", rows)

    def rows(self, operation: Operation, piece: int) -> Lines:
        return _lines.decode(self._get(_name(operation, f"rows/{piece:06d}")))

    def put_errors(self, operation: Operation, row: int, errors: Sequence[RowError]) -> None:
        self._put(operation, f"errors/{row:08d}", errors)

    def errors(self, operation: Operation) -> Iterator[RowError]:
        for name in self._kept.names(_name(operation, "errors/")):
            yield from _errors.decode(self._get(name))

    def put_seen(self, operation: Operation, row: int, seen: Mapping[str, str]) -> None:
        self._put(operation, f"seen/{row:08d}", seen)

    def seen(self, operation: Operation, before: int) -> dict[str, str]:
        identities: dict[str, str] = {}
        for name in self._kept.names(_name(operation, "seen/")):
            if int(name.rpartition("/")[2]) < before:
                identities |= _seen.decode(self._get(name))
        return identities

    def put_report(self, operation: Operation, errors: Iterator[RowError]) -> None:
        rows = ((str(error.row), str(error.line), error.field, error.message) for error in errors)
        text = table([("row", "line", "field", "message"), *rows])
        self._kept.put(_name(operation, REPORT), text.encode())

    def clean(self, operation: Operation) -> None:
        """All but what went wrong."""
        for kind in ("rows/", "seen/", _SOURCE):
            self._kept.delete(list(self._kept.names(_name(operation, kind))))
        if operation.state["uploaded"]:
            self._client.delete_object(Bucket=bucket_name("uploads"), Key=_name(operation, _SOURCE))

    def _put(self, operation: Operation, name: str, what: Any) -> None:
        self._kept.put(_name(operation, name), msgspec.json.encode(what))

    def _get(self, name: str) -> bytes:
        """Raises NotImportable: what an import needs is kept for a week."""
        stored = self._kept.get(name)
        if stored is None:
            raise NotImportable("It stood still for too long: send the file again")
        return stored[0]


class DynamoImportedLeads(DynamoLeadStore):
    def prepared(self, operation: Operation) -> tuple[Sequence[CustomField], Sequence[str]]:
        _, settings = self.met(operation.client_id, ())
        working = self.working(operation, settings.round_robin) if settings.round_robin else ()
        return settings.custom_fields, [user_id for user_id in settings.round_robin if user_id in working]

    def working(self, operation: Operation, user_ids: Sequence[str]) -> Collection[str]:
        return DynamoTeam().working(operation.client_id, operation.org_id, user_ids)

    def save_all(self, pairs: Sequence[Pair], by: str) -> None:
        for group, changes in together(pairs, by):
            write([*changes, *counted(group[0][1].client_id, *group)])


def together(pairs: Iterable[Pair], by: str) -> Iterator[tuple[list[Pair], list[Change]]]:
    """Groups that fit one transaction with their counters, which the leads of one share."""
    group: list[Pair] = []
    changes: list[Change] = []
    counters = frozenset[str]()
    for pair in pairs:
        own, its_counters = uncounted(*pair, _history(pair, by)), counters_of(pair)
        if group and len(changes) + len(own) + len(counters | its_counters) > OPERATIONS_AT_MOST:
            yield group, changes
            group, changes, counters = [], [], frozenset()
        group.append(pair)
        changes += own
        counters |= its_counters
    if group:
        yield group, changes


def _history(pair: Pair, by: str) -> ChangeSet | None:
    before, after = pair
    changes = changes_between(before, after) if before else ()
    return ChangeSet(new_id(), utc_now(), by, changes) if changes else None


def _name(operation: Operation, name: str) -> str:
    return folder(operation.client_id, operation.id) + name
