"""Files of exports as personal data."""

from collections.abc import Iterator

from groundswell.kernel.clock import utc_now
from groundswell.operations.store import DynamoOperationStore
from groundswell.personal_data.objects import delete_objects
from groundswell.personal_data.port import ClientData
from groundswell.privacy.exports.erasable import ErasableExports
from groundswell.privacy.exports.model import folder
from groundswell.privacy.exports.store import S3Files
from groundswell.storage.client import s3
from groundswell.storage.settings import bucket_name


class ExportFiles(ErasableExports):
    kind = "export_files"
    prefixes = ()
    places = (f"exports {folder('{client}')}",)

    def purge(self, client_id: str) -> Iterator[int]:
        yield from delete_objects(self.files, folder(client_id))


def personal_data() -> tuple[ClientData, ...]:
    files = S3Files(s3(), bucket_name("exports"))
    return (ExportFiles(DynamoOperationStore("privacy"), files, utc_now),)
