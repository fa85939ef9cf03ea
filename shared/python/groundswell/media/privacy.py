"""Media as personal data: a client's own files, and no person's."""

from collections.abc import Iterator

from groundswell.events.archiver.store import S3Objects
from groundswell.personal_data.adapter_listed import Listed
from groundswell.personal_data.objects import delete_objects
from groundswell.personal_data.port import ClientData
from groundswell.storage.client import s3
from groundswell.storage.settings import bucket_name

_BUCKETS = ("media", "uploads")


class Files:
    """What is in both buckets."""

    kind = "files"
    prefixes = ()
    places = tuple(f"{bucket} {{client}}/" for bucket in _BUCKETS)

    def purge(self, client_id: str) -> Iterator[int]:
        for bucket in _BUCKETS:
            yield from delete_objects(S3Objects(s3(), bucket_name(bucket)), f"{client_id}/")


def personal_data() -> tuple[ClientData, ...]:
    return (Files(), Listed("media", "MEDIA#", "MEDIAPENDING#", "MEDIAALIAS#", "MEDIAHASH#"))
