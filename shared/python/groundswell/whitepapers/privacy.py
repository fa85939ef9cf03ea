"""Whitepapers as personal data: a person is whoever asked for one with their e-mail."""

from collections.abc import Collection, Iterator

from groundswell.kernel.page import Position
from groundswell.personal_data.adapter_listed import Listed
from groundswell.personal_data.identifiers import Identifier, IdKind
from groundswell.personal_data.port import ClientData, DisclosedRecords
from groundswell.storage.deletion import delete_items, delete_partition
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import find_many
from groundswell.visitors.model import person_id
from groundswell.whitepapers.items import (
    DownloadItem,
    WhitepaperItem,
    downloads_pk,
    reader_sk,
    readers_pk,
    whitepaper_pk,
)
from groundswell.whitepapers.model import Download, Whitepaper
from groundswell.whitepapers.store import DynamoWhitepaperStore


class Whitepapers:
    kind = file = "whitepapers"
    prefixes = (whitepaper_pk(""),)
    forgets = tells = (IdKind.EMAIL,)
    places = (f"core {downloads_pk('{client}', '')}", f"core {readers_pk('{client}')}")

    def __init__(self, store: DynamoWhitepaperStore) -> None:
        self._store = store

    def purge(self, client_id: str) -> Iterator[int]:
        """The whitepapers go last, since they lead to what is below them."""
        for paper in _papers(client_id):
            yield from delete_partition("core", downloads_pk(client_id, paper.id))
        yield from delete_partition("core", readers_pk(client_id))
        yield from Listed("", *self.prefixes).purge(client_id)

    def forget(self, client_id: str, persons: Collection[Identifier]) -> None:
        for download in _downloads(client_id, persons):
            self._store.forget(download)
        keys = [{"pk": {"S": readers_pk(client_id)}, "sk": {"S": reader_sk(person.value)}} for person in persons]
        delete_items("core", keys)

    def tell(self, client_id: str, persons: Collection[Identifier], position: Position | None) -> DisclosedRecords:  # noqa: ARG002
        return DisclosedRecords([{"download": vars(download)} for download in _downloads(client_id, persons)])


def _papers(client_id: str) -> list[Whitepaper]:
    items = WhitepaperItem.by_gsi1.query(f"CLIENT#{client_id}", WhitepaperItem.gsi1sk.startswith(whitepaper_pk("")))
    return [from_item(Whitepaper, item) for item in items]


def _downloads(client_id: str, persons: Collection[Identifier]) -> tuple[Download, ...]:
    keys = [
        (downloads_pk(client_id, paper.id), f"BY#{person_id(paper.id, person.value)}")
        for paper in _papers(client_id)
        for person in persons
    ]
    return find_many(Download, DownloadItem, keys, consistent=True)


def personal_data() -> tuple[ClientData, ...]:
    return (Whitepapers(DynamoWhitepaperStore()),)
