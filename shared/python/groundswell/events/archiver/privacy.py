"""The archive as personal data: objects of days, with everybody's events in them."""

from collections.abc import Iterator

from groundswell.events.archiver.erasure import ArchiveEraser
from groundswell.events.archiver.model import prefix
from groundswell.events.archiver.store import DynamoArchiveProgress, S3Objects
from groundswell.personal_data.objects import delete_objects
from groundswell.personal_data.port import ClientData
from groundswell.storage.client import dynamodb, s3
from groundswell.storage.settings import bucket_name, table_name


class Archive(ArchiveEraser):
    """It is purged after the log: what nobody reads any more, nobody archives."""

    kind = "archived_objects"
    prefixes = ()
    places = (f"archive {prefix('{client}')}",)

    def purge(self, client_id: str) -> Iterator[int]:
        yield from delete_objects(self.objects, prefix(client_id))


def personal_data() -> tuple[ClientData, ...]:
    progress = DynamoArchiveProgress(dynamodb(), table_name("events"))
    return (Archive(progress, S3Objects(s3(), bucket_name("archive"))),)
