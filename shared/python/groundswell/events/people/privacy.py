"""Who is who as personal data. It lies in the event log's partitions, which are the log's to purge."""

from collections.abc import Collection, Iterator

from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.events.people.resolution import identifiers_at
from groundswell.events.people.service import PeopleService
from groundswell.personal_data.identifiers import EVENT_KINDS, Identifier, IdKind
from groundswell.personal_data.port import ClientData
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name


class People:
    kind = "people"
    prefixes = ()
    places = ()
    resolves = (IdKind.USER, IdKind.ANONYMOUS, IdKind.EMAIL)  # a wallet alone may be several persons'
    forgets = (*EVENT_KINDS, IdKind.EMAIL)

    def __init__(self, people: PeopleService) -> None:
        self._people = people

    def purge(self, client_id: str) -> Iterator[int]:  # noqa: ARG002 - the port's
        return iter(())

    def resolve(self, client_id: str, persons: Collection[Identifier]) -> Collection[Identifier]:
        graph = self._people.state(client_id).people
        of = {IdKind.USER: graph.of_user, IdKind.ANONYMOUS: graph.of_visitor, IdKind.EMAIL: graph.of_email}
        names = {name for person in persons if (name := of[person.kind](person.value))}
        return {identifier for name in names for identifier in identifiers_at(graph, name)}

    def forget(self, client_id: str, persons: Collection[Identifier]) -> None:
        self._people.forget(client_id, persons)


def personal_data() -> tuple[ClientData, ...]:
    return (People(PeopleService(DynamoEventLog(dynamodb(), table_name("events")))),)
