"""Events and leads of platforms' records, through the ports of those who keep them."""

import json
from collections.abc import Sequence
from os import urandom

from groundswell.access.model import ClientContext, Role
from groundswell.events.eventlog.adapter_writer import DynamoBlockWriter
from groundswell.events.ingest.service import IngestService
from groundswell.events.suppressions.adapter_guard import GuardedKeys
from groundswell.integrations.following import events_of, lead_values, wants
from groundswell.integrations.model import Connection
from groundswell.integrations.platform import Stream
from groundswell.integrations.records import Record
from groundswell.kernel.clock import utc_now
from groundswell.kernel.errors import Invalid
from groundswell.kernel.ids import new_id
from groundswell.leads.adapter_wiring import lead_capture
from groundswell.leads.identities import IdentityKind
from groundswell.personal_data.identifiers import Identifier, IdKind
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name

_PORTION = 100


class PlatformFollowers:
    """For one run: the list of whom the client must not collect is read once."""

    def __init__(self) -> None:
        self._guard = GuardedKeys()
        writer = DynamoBlockWriter(dynamodb(), table_name("events"), random=lambda: urandom(6).hex())
        self._ingest = IngestService(writer, utc_now, new_id, None, self._guard)
        self._leads = lead_capture()

    def welcome(self, client_id: str, records: Sequence[Record]) -> Sequence[Record]:
        unwanted = self._guard.suppressed(client_id)
        return [record for record in records if not unwanted or not unwanted & _digests(client_id, record)]

    def follow(self, connection: Connection, stream: Stream, pairs: Sequence[tuple[Record | None, Record]]) -> None:
        if stream.kind in ("payment", "order") and wants(connection, "events"):
            events = [event for pair in pairs for event in events_of(connection.platform, stream.kind, *pair)]
            for start in range(0, len(events), _PORTION):
                items = [json.dumps(event, ensure_ascii=False).encode() for event in events[start : start + _PORTION]]
                self._ingest.sdk(connection.client_id, items)
        if stream.kind == "contact" and wants(connection, "leads"):
            for _, after in pairs:
                self._capture(connection, after)

    def _capture(self, connection: Connection, contact: Record) -> None:
        """Where an address or number is none, without it: the contact is known by its id on the platform."""
        acting = ClientContext(
            connection.client_id, connection.org_id, f"integration:{connection.platform}", Role.EDITOR
        )
        values = lead_values(connection.platform, contact)
        try:
            self._leads.capture(acting, values)
        except Invalid:
            kinds = {identity_kind.value for identity_kind in IdentityKind} - {IdentityKind.EXTERNAL.value}
            self._leads.capture(acting, {name: value for name, value in values.items() if name not in kinds})


def _digests(client_id: str, record: Record) -> set[bytes]:
    named = ((IdKind.EMAIL, record.fields.get("email")), (IdKind.PHONE, record.fields.get("phone")))
    digests = set[bytes]()
    for kind, value in named:
        if value:
            try:
                digests.add(Identifier.of(kind, str(value)).digest(client_id))
            except ValueError:
                continue
    return digests
