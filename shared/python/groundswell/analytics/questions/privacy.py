"""Answers to questions as personal data. Nobody knows whom one names, so an erasure takes all of the client's: whatever
is asked again is answered without the erased."""

from collections.abc import Collection, Iterator

from groundswell.analytics.questions.kept import Objects, forget
from groundswell.events.archiver.store import S3Objects
from groundswell.personal_data.identifiers import Identifier, IdKind
from groundswell.personal_data.objects import delete_objects
from groundswell.personal_data.port import ClientData
from groundswell.storage.client import s3
from groundswell.storage.settings import bucket_name


class Answers:
    """And what unfinished questions set aside."""

    kind = "answers"
    prefixes = ()
    places = ("questions {client}/",)
    forgets = tuple(IdKind)

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def purge(self, client_id: str) -> Iterator[int]:
        yield from delete_objects(self._objects, f"{client_id}/")

    def forget(self, client_id: str, persons: Collection[Identifier]) -> None:  # noqa: ARG002 - the port's
        forget(self._objects, client_id)


def personal_data() -> tuple[ClientData, ...]:
    return (Answers(S3Objects(s3(), bucket_name("questions"))),)
