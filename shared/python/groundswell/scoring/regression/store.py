"""Models in DynamoDB, and the rows that one is trained on in S3 while it is."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec
import zstandard

from groundswell.events.archiver.store import S3Objects
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.page import Page, Position
from groundswell.operations.model import Operation
from groundswell.scoring.items import config_pk
from groundswell.scoring.regression.features import Plain
from groundswell.scoring.regression.items import MODEL, ModelItem, model_item
from groundswell.scoring.regression.model import LogisticModel
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import find
from groundswell.storage.settings import bucket_name
from groundswell.storage.transaction import put, write

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

type Rows = Sequence[tuple[bool, Mapping[str, Plain]]]
_rows = msgspec.json.Decoder(list[tuple[bool, dict[str, Plain]]])


class DynamoModelStore:
    def find(self, client_id: str, model_id: str) -> LogisticModel | None:
        return find(LogisticModel, ModelItem, config_pk(client_id), MODEL + model_id)

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[LogisticModel]:
        """Newest first."""
        before = MODEL + str(position["id"]) if position else f"{MODEL}~"
        low, high = MODEL, before
        items = ModelItem.query(
            config_pk(client_id),
            ModelItem.sk.between(low, high),
            scan_index_forward=False,
            limit=limit + 2,
            consistent_read=True,
        )
        models = [from_item(LogisticModel, item) for item in items if item.sk != before]
        return Page(tuple(models[:limit]), {"id": models[limit - 1].id} if len(models) > limit else None)

    def count(self, client_id: str) -> int:
        return ModelItem.count(config_pk(client_id), ModelItem.sk.startswith(MODEL), consistent_read=True)

    def add(self, model: LogisticModel) -> None:
        """Once, whoever repeats it."""
        try:
            write([put(model_item(model))])
        except PreconditionFailed:
            return


@lru_cache(maxsize=16)
def known_model(client_id: str, model_id: str) -> LogisticModel | None:
    """Read once by a process: a model is never changed."""
    return DynamoModelStore().find(client_id, model_id)


class S3TrainingRows:
    """In the bucket of exports, below its client's leads: they go with the client, and after a week by themselves."""

    def __init__(self, client: "S3Client") -> None:
        self._objects = S3Objects(client, bucket_name("exports"))

    def put(self, operation: Operation, piece: int, rows: Rows) -> None:
        self._objects.put(f"{_folder(operation)}{piece:06d}", zstandard.compress(msgspec.json.encode(rows)))

    def all(self, operation: Operation, pieces: int) -> Iterator[Rows]:
        """Raises ValueError where one is gone."""
        for piece in range(pieces):
            blob = self._objects.get(f"{_folder(operation)}{piece:06d}")
            if blob is None:
                raise ValueError("rows are gone")
            yield _rows.decode(zstandard.decompress(blob[0]))

    def clean(self, operation: Operation) -> None:
        self._objects.delete(list(self._objects.names(_folder(operation))))


def _folder(operation: Operation) -> str:
    return f"leads/{operation.client_id}/{operation.id}/rows/"
