"""The archive as personal data: objects of days, with everybody's events in them."""

from collections.abc import Iterator

from groundswell.events.archiver.adapter_parquet import DuckSheets
from groundswell.events.archiver.adapter_wiring import lake
from groundswell.events.archiver.erasure import ArchiveEraser
from groundswell.events.archiver.lake import Lake, prefix
from groundswell.events.archiver.store import S3Objects
from groundswell.personal_data.objects import delete_objects
from groundswell.personal_data.port import ClientData
from groundswell.storage.client import s3
from groundswell.storage.settings import bucket_name


class Archive(ArchiveEraser):
    """It is purged after the log: what nobody reads any more, nobody archives."""

    kind = "archived_objects"
    prefixes = ()
    places = (f"archive {prefix('{client}')}",)

    def __init__(self, lake: Lake, sheets: DuckSheets, objects: S3Objects) -> None:
        super().__init__(lake, sheets)
        self._objects = objects

    def purge(self, client_id: str) -> Iterator[int]:
        yield from delete_objects(self._objects, prefix(client_id))


def personal_data() -> tuple[ClientData, ...]:
    return (Archive(lake(), DuckSheets(), S3Objects(s3(), bucket_name("archive"))),)
