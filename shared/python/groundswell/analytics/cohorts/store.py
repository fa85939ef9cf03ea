"""Cohorts in the core table: `COHORTS#<client>`, with an item for each; members in chunks at `COHORT#<list_id>`."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import batched

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from groundswell.analytics.cohorts.model import Cohort, CohortNotFound
from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.events.eventlog.zstd import from_bytes, to_bytes
from groundswell.kernel.page import Page, Position
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import from_item, to_item
from groundswell.storage.reading import list_page
from groundswell.storage.transaction import delete, put, write

_CHUNK = 500  # ids of at most 512 bytes: an item holds 400 KB
_MEMBERS = "cohort_members"
_TOGETHER = 10  # chunks in a transaction, of at most 4 MB


class CohortItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    name = UnicodeAttribute()
    definition = UnicodeAttribute()
    list_id = UnicodeAttribute(attr_name="taken")  # as it is stored
    taken_at = UTCDateTimeAttribute()
    size = NumberAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()


class MembersItem(CoreItem):
    members = BinaryAttribute(legacy_encoding=False)


class DynamoCohortStore:
    def page(self, client_id: str, limit: int, position: Position | None) -> Page[Cohort]:
        return list_page(Cohort, CohortItem, _partition(client_id), "", limit, position, own_keys=True)

    def get(self, client_id: str, cohort_id: str) -> Cohort:
        try:
            return from_item(Cohort, CohortItem.get(_partition(client_id), cohort_id, consistent_read=True))
        except CohortItem.DoesNotExist:
            raise CohortNotFound from None

    def put(self, cohort: Cohort, entry: Entry | None) -> Cohort:
        item = _item(cohort)
        write([put(item), note(entry)] if entry else [put(item)])
        return replace(cohort, version=item.version)

    def delete(self, cohort: Cohort, entry: Entry) -> None:
        write([delete(_item(cohort), CohortNotFound()), note(entry)])

    def put_members(self, cohort: Cohort, persons: Sequence[str]) -> None:
        there = {item.sk for item in MembersItem.query(f"COHORT#{cohort.list_id}", consistent_read=True)}
        chunks = (_chunk(cohort, number, group) for number, group in enumerate(batched(persons, _CHUNK, strict=False)))
        chunks = (chunk for chunk in chunks if chunk.sk not in there)
        for batch in batched(chunks, _TOGETHER, strict=False):
            write([put(item) for item in batch])

    def members(self, cohort: Cohort, limit: int, position: Position | None) -> Page[str]:
        at = int(position["at"]) if position else 0
        if position and position["list_id"] != cohort.list_id:
            raise CohortNotFound("The cohort was taken anew: read its members from the beginning")
        persons = list[str]()
        for number, members in self._chunks(cohort, at // _CHUNK):
            persons += members[at - number * _CHUNK if number == at // _CHUNK else 0 :]
            if len(persons) > limit:
                break
        more: Position | None = {"at": at + limit, "list_id": cohort.list_id} if at + limit < cohort.size else None
        return Page(tuple(persons[:limit]), more)

    def everybody(self, client_id: str, cohort_id: str) -> list[str]:
        """All members. Raises CohortNotFound."""
        return [person for _, chunk in self._chunks(self.get(client_id, cohort_id), 0) for person in chunk]

    def delete_members(self, cohort: Cohort) -> None:
        items = list(MembersItem.query(f"COHORT#{cohort.list_id}", consistent_read=True))
        for batch in batched(items, _TOGETHER, strict=False):
            write([delete(item) for item in batch])

    def forget(self, client_id: str, persons: Collection[str]) -> int:
        forgotten = 0
        for item in list(
            MembersItem.by_gsi1.query(
                f"CLIENT#{client_id}", MembersItem.gsi1sk.startswith("COHORT#"), MembersItem.kind == _MEMBERS
            )
        ):
            everybody = from_bytes(bytes(item.members), list[str])
            left = [person for person in everybody if person not in persons]
            if len(left) < len(everybody):
                item.members = to_bytes(left)
                write([put(item)])
                forgotten += len(everybody) - len(left)
        return forgotten

    def _chunks(self, cohort: Cohort, first: int) -> Iterator[tuple[int, list[str]]]:
        for item in MembersItem.query(
            f"COHORT#{cohort.list_id}", MembersItem.sk >= f"{first:06d}", consistent_read=True
        ):
            yield int(item.sk), from_bytes(bytes(item.members), list[str])


def _partition(client_id: str) -> str:
    return f"COHORTS#{client_id}"


def _item(cohort: Cohort) -> CohortItem:
    keys = {"gsi1pk": f"CLIENT#{cohort.client_id}", "gsi1sk": f"COHORT#{cohort.id}"}
    return to_item(CohortItem, cohort, _partition(cohort.client_id), cohort.id, kind="cohort", **keys)


def _chunk(cohort: Cohort, number: int, persons: Sequence[str]) -> MembersItem:
    item = MembersItem(f"COHORT#{cohort.list_id}", f"{number:06d}", kind=_MEMBERS, members=to_bytes(persons))
    item.gsi1pk, item.gsi1sk = f"CLIENT#{cohort.client_id}", f"COHORT#{cohort.list_id}#{number:06d}"
    return item
