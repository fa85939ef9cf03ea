"""Verdicts as personal data: each is on an address, and expires within a month. Domains are nobody's."""

from collections.abc import Collection

from groundswell.kernel.page import Position
from groundswell.personal_data.adapter_partitions import Partitions
from groundswell.personal_data.identifiers import Identifier, IdKind
from groundswell.personal_data.port import ClientData, DisclosedRecords
from groundswell.schedules.store import cancel_timer
from groundswell.storage.deletion import delete_items
from groundswell.storage.reading import get_rows
from groundswell.storage.transaction import write
from groundswell.validation.items import read_verdict, verdict_key, verdicts_pk
from groundswell.validation.model import TIMER, email_id


class Verdicts(Partitions):
    file = "email_verdicts"
    forgets = tells = (IdKind.EMAIL,)

    def __init__(self) -> None:
        super().__init__("email_verdicts", f"ephemeral {verdicts_pk('{client}')}")

    def forget(self, client_id: str, persons: Collection[Identifier]) -> None:
        """With the timers: nobody asks about them again."""
        for person in persons:
            write([cancel_timer(client_id, TIMER, email_id(person.value))])
        delete_items("ephemeral", [verdict_key(client_id, email_id(person.value)) for person in persons])

    def tell(self, client_id: str, persons: Collection[Identifier], position: Position | None) -> DisclosedRecords:  # noqa: ARG002
        keys = [verdict_key(client_id, email_id(person.value)) for person in persons]
        return DisclosedRecords([vars(read_verdict(row)) for row in get_rows("ephemeral", keys)])


def personal_data() -> tuple[ClientData, ...]:
    return (Verdicts(),)
