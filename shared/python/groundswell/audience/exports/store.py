"""Files of exports in S3."""

from collections.abc import Iterator, Mapping, Sequence
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

import msgspec

from groundswell.audience.exports.records import header, row
from groundswell.audience.imports.model import folder
from groundswell.events.archiver.store import S3Objects
from groundswell.kernel.spreadsheet import table
from groundswell.operations.model import Operation
from groundswell.storage.settings import bucket_name

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
_records = msgspec.json.Decoder(list[dict[str, Any]])


class S3LeadFiles:
    def __init__(self, client: "S3Client") -> None:
        self._client = client
        self._bucket = bucket_name("exports")
        self._objects = S3Objects(client, self._bucket)

    def put_part(self, operation: Operation, number: int, records: Sequence[Mapping[str, Any]]) -> None:
        self._objects.put(_name(operation, f"parts/{number:06d}"), msgspec.json.encode(records))

    def parts(self, operation: Operation) -> Iterator[Mapping[str, Any]]:
        for name in self._objects.names(_name(operation, "parts/")):
            if stored := self._objects.get(name):
                yield from _records.decode(stored[0])

    def put_file(self, operation: Operation, kind: str, records: Iterator[Mapping[str, Any]], more: list[str]) -> int:
        with TemporaryFile() as file:
            (_write_csv if kind == "csv" else _write_json)(file, records, more)
            size = file.tell()
            file.seek(0)
            name = _name(operation, f"leads.{kind}")
            self._client.put_object(Bucket=self._bucket, Key=name, Body=file, ContentType=_TYPES[kind])
        return size

    def clean(self, operation: Operation) -> None:
        self._objects.delete(list(self._objects.names(_name(operation, "parts/"))))

    def forget(self, client_id: str) -> None:
        """All finished files: whoever is erased may be in them, and they are made again in minutes."""
        names = [
            name for name in self._objects.names(folder(client_id)) if name.endswith(("/leads.csv", "/leads.json"))
        ]
        self._objects.delete(names)

    def download(self, name: str, seconds: int, file_name: str) -> str:
        parameters = {
            "Bucket": self._bucket,
            "Key": name,
            "ResponseContentType": _TYPES[file_name.rpartition(".")[2]],
            "ResponseContentDisposition": f'attachment; filename="{file_name}"',
            "ResponseCacheControl": "no-store",
        }
        return self._client.generate_presigned_url("get_object", Params=parameters, ExpiresIn=seconds)


def _write_csv(file: IO[bytes], records: Iterator[Mapping[str, Any]], more: list[str]) -> None:
    file.write(table([header(more)]).encode())
    for record in records:
        file.write(table([row(record, more)]).encode())


def _write_json(file: IO[bytes], records: Iterator[Mapping[str, Any]], more: list[str]) -> None:  # noqa: ARG001
    file.write(b"[")
    for number, record in enumerate(records):
        file.write(b",\n" if number else b"\n")
        file.write(msgspec.json.encode(record))
    file.write(b"\n]\n")


def _name(operation: Operation, name: str) -> str:
    return folder(operation.client_id, operation.id) + name
