"""Conversations as personal data: a person's threads go with all that was said in them."""

from collections.abc import Collection, Iterator
from typing import Any

from groundswell.chat.items import chat_pk, key, message_sk, place_sk, thread_sk
from groundswell.chat.model import TELEGRAM, Message, Thread
from groundswell.chat.store import DynamoChatStore
from groundswell.kernel.clock import rfc3339
from groundswell.kernel.page import Position
from groundswell.personal_data.adapter_partitions import Partitions
from groundswell.personal_data.identifiers import Identifier, IdKind
from groundswell.personal_data.port import ClientData, DisclosedRecords
from groundswell.storage.deletion import delete_items


class Conversations(Partitions):
    """A person is whose thread it is: by the id of a user or visitor, or by the Telegram chat."""

    forgets = tells = (IdKind.USER, IdKind.TELEGRAM)
    file = "conversations"

    def __init__(self, store: DynamoChatStore) -> None:
        super().__init__("chat", f"core {chat_pk('{client}')}")
        self._store = store

    def forget(self, client_id: str, persons: Collection[Identifier]) -> None:
        """A thread goes after its messages, so that whoever goes on finds the rest."""
        for thread in self._threads(client_id, persons):
            for message in self._messages(thread):
                sk = message_sk(thread.id, message.sequence, message.id)
                delete_items("core", [key(client_id, sk), key(client_id, place_sk(message.id))])
            delete_items("core", [key(client_id, thread_sk(thread.id))])

    def tell(self, client_id: str, persons: Collection[Identifier], position: Position | None) -> DisclosedRecords:  # noqa: ARG002 - the port's
        threads = self._threads(client_id, persons)
        return DisclosedRecords([_record(thread, message) for thread in threads for message in self._messages(thread)])

    def _threads(self, client_id: str, persons: Collection[Identifier]) -> Iterator[Thread]:
        for person in sorted(persons):
            user_id = TELEGRAM + person.value if person.kind is IdKind.TELEGRAM else person.value
            yield from self._store.of_user(client_id, user_id)

    def _messages(self, thread: Thread) -> Iterator[Message]:
        yield from self._store.messages(thread.client_id, thread.id, 1)
        yield from self._store.scheduled(thread.client_id, thread.id)


def _record(thread: Thread, message: Message) -> dict[str, Any]:
    return {
        "thread_id": thread.id,
        "channel": thread.channel.value,
        "sequence": message.sequence,
        "role": message.role.value,
        "text": message.text,
        "status": message.status.value,
        "created_at": rfc3339(message.created_at),
    }


def personal_data() -> tuple[ClientData, ...]:
    return (Conversations(DynamoChatStore()),)
