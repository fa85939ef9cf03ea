"""The audience as personal data: memberships go with their lead; an opt-out keeps holding, by its digest."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

from groundswell.audience.adapter_opt_outs import DynamoOptOutStore
from groundswell.audience.exports.store import S3LeadFiles
from groundswell.audience.imports.model import folder
from groundswell.audience.items import lists_pk, members_pk, opt_outs_pk, use_pk
from groundswell.audience.model import Channel, OptOut, opt_out_id
from groundswell.audience.segments.store import DynamoSegmentStore, segments_pk
from groundswell.audience.store import DynamoListStore, DynamoMemberStore
from groundswell.events.archiver.store import S3Objects
from groundswell.kernel.page import Position
from groundswell.personal_data.identifiers import Identifier, IdKind
from groundswell.personal_data.objects import delete_objects
from groundswell.personal_data.port import ClientData, DisclosedRecords
from groundswell.storage.client import s3
from groundswell.storage.deletion import delete_items, delete_partition
from groundswell.storage.settings import bucket_name

_CHANNELS = {IdKind.EMAIL: Channel.EMAIL, IdKind.TELEGRAM: Channel.TELEGRAM}
_TOGETHER = 100


class Audience:
    kind = file = "audience"
    prefixes = ()
    forgets = tells = (IdKind.LEAD, *_CHANNELS)
    places = (
        f"core {lists_pk('{client}')}",
        f"core {members_pk('{client}', '')}",
        f"core {opt_outs_pk('{client}')}",
        f"core {segments_pk('{client}')}",
        f"core {use_pk('{client}', '')}",
        f"exports {folder('{client}')}",
        f"uploads {folder('{client}')}",
    )

    def __init__(self, lists: DynamoListStore, members: DynamoMemberStore, opt_outs: DynamoOptOutStore) -> None:
        self._lists = lists
        self._segments = DynamoSegmentStore()
        self._members = members
        self._opt_outs = opt_outs

    def purge(self, client_id: str) -> Iterator[int]:
        """A list goes after its members, so that whoever goes on finds the rest."""
        while lists := self._lists.page(client_id, _TOGETHER, None).items:
            for mailing_list in lists:
                yield from delete_partition("core", members_pk(client_id, mailing_list.id))
                yield from delete_partition("core", use_pk(client_id, mailing_list.id))
                self._lists.drop(mailing_list)
                yield 1
        while segments := self._segments.page(client_id, _TOGETHER, None).items:
            for segment in segments:
                yield from delete_partition("core", use_pk(client_id, segment.id))
                self._segments.drop(segment)
                yield 1
        yield from delete_partition("core", opt_outs_pk(client_id))
        for bucket in ("exports", "uploads"):
            yield from delete_objects(S3Objects(s3(), bucket_name(bucket)), folder(client_id))

    def forget(self, client_id: str, persons: Collection[Identifier]) -> None:
        """Doing it again finds nothing."""
        for lead_id in _leads(persons):
            members = self._members.of_lead(client_id, lead_id)
            keys = [{"pk": {"S": members_pk(client_id, member.list_id)}, "sk": {"S": lead_id}} for member in members]
            delete_items("core", keys)
        for opt_out in self._of(client_id, persons):
            if opt_out.address is not None:
                self._opt_outs.save(replace(opt_out, address=None, source=None), None, None)
        S3LeadFiles(s3()).forget(client_id)

    def tell(self, client_id: str, persons: Collection[Identifier], position: Position | None) -> DisclosedRecords:  # noqa: ARG002
        """A person's lists and opt-outs are few."""
        members = [member for lead_id in _leads(persons) for member in self._members.of_lead(client_id, lead_id)]
        names = {
            mailing_list.id: mailing_list.name
            for mailing_list in self._lists.find_many(client_id, {one.list_id for one in members})
        }
        records: list[dict[str, Any]] = [
            {"membership": vars(member) | {"list": names.get(member.list_id)}} for member in members
        ]
        return DisclosedRecords([*records, *({"opt_out": vars(item)} for item in self._of(client_id, persons))])

    def _of(self, client_id: str, persons: Collection[Identifier]) -> Collection[OptOut]:
        ids = {
            opt_out_id(client_id, _CHANNELS[person.kind], person.value)
            for person in persons
            if person.kind in _CHANNELS
        }
        return self._opt_outs.find(client_id, ids).values() if ids else ()


def _leads(persons: Collection[Identifier]) -> Iterator[str]:
    return (person.value for person in persons if person.kind is IdKind.LEAD)


def personal_data() -> tuple[ClientData, ...]:
    return (Audience(DynamoListStore(), DynamoMemberStore(), DynamoOptOutStore()),)
