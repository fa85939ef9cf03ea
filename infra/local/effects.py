"""What requests change in the emulator's DynamoDB and SQS, noted as it happens, and done again after a crash.

Runs in the emulator's own environment. It notes results (this item is now that), not requests: doing them again needs
no conditions to hold and gives the same stream records, with the same sequence numbers.
"""

import time
from typing import Any

from ministack.services import dynamodb, sqs  # type: ignore[import-not-found]

type Effect = list[Any]
_IMAGES = ("NewImage", "OldImage")


class Effects:
    """Wraps the few functions through which items and stream records come and go. `take` empties the notes."""

    def __init__(self) -> None:
        self._noted: list[Effect] = []
        self._messages: dict[Any, dict[str, Any]] = {}
        self._set_item = dynamodb._set_item  # noqa: SLF001 ministack has no hook; its version is pinned
        self._remove_item = dynamodb._remove_item  # noqa: SLF001
        self._build_change_record = dynamodb._build_change_record  # noqa: SLF001

    def install(self) -> None:
        """From now on everything is noted."""
        dynamodb._set_item = self._on_set  # noqa: SLF001
        dynamodb._remove_item = self._on_remove  # noqa: SLF001
        dynamodb._build_change_record = self._on_record  # noqa: SLF001
        self._messages = _messages_by_queue()

    def _on_set(self, table: Any, pk: str, sk: str, item: Any) -> Any:
        self._noted.append(["set", table["TableArn"], pk, sk, item])
        return self._set_item(table, pk, sk, item)

    def _on_remove(self, table: Any, pk: str, sk: str) -> Any:
        self._noted.append(["remove", table["TableArn"], pk, sk])
        return self._remove_item(table, pk, sk)

    def _on_record(self, table: Any, *arguments: Any) -> Any:
        record = self._build_change_record(table, *arguments)
        last = self._noted[-1] if self._noted else [None]
        # The new image is the item just noted: an event block need not be written twice.
        same = last[0] == "set" and record["dynamodb"].get("NewImage") is last[4]
        change = {name: value for name, value in record["dynamodb"].items() if not (same and name == "NewImage")}
        self._noted.append(["record", table["TableArn"], record | {"dynamodb": change}, same])
        return record

    def note_queues(self) -> None:
        """Note which messages came and went since the last time."""
        now = _messages_by_queue()
        for key, messages in now.items():
            before = self._messages.get(key, {})
            if messages.keys() != before.keys():
                added = [message for name, message in messages.items() if name not in before]
                self._noted.append(["queue", list(key), added, [name for name in before if name not in messages]])
        self._messages = now

    def take(self) -> list[Effect]:
        """What was noted since the last call. The expiry of items is noted from another thread."""
        effects = self._noted[:]
        del self._noted[: len(effects)]
        return effects

    def redo(self, effects: list[Effect]) -> None:
        """Do them again. Tables and queues that no longer exist are passed over."""
        tables = {table["TableArn"]: (key, table) for key, table in dynamodb._tables.all_items()}  # noqa: SLF001
        last: Any = None
        for kind, where, *what in effects:
            if kind == "queue":
                _redo_queue(tuple(where), *what)
            elif where not in tables:
                continue
            elif kind == "set":
                last = what[2]
                self._set_item(tables[where][1], *what)
            elif kind == "remove":
                self._remove_item(tables[where][1], *what)
            else:
                _redo_record(tables[where][0], what[0], last if what[1] else None)


def _messages_by_queue() -> dict[Any, dict[str, Any]]:
    return {key: {message["id"]: message for message in queue["messages"]} for key, queue in sqs._queues.all_items()}  # noqa: SLF001


def release_messages() -> None:
    """Whatever was being worked on is there again at once, as if it had not been received: nobody works on it."""
    for _, queue in sqs._queues.all_items():  # noqa: SLF001
        for message in queue["messages"]:
            if message.get("receive_count") and message["visible_at"] > time.time():
                message["visible_at"] = time.time()
                message["receive_count"] -= 1


def _redo_queue(key: tuple[str, ...], added: list[Any], gone: list[str]) -> None:
    queue = sqs._queues.get_scoped(*key)  # noqa: SLF001
    if queue is not None:
        kept = [message for message in queue["messages"] if message["id"] not in gone]
        queue["messages"] = kept + added


def _redo_record(key: tuple[str, ...], record: Any, image: Any) -> None:
    if image is not None:
        record["dynamodb"]["NewImage"] = image
    records = dynamodb._stream_records  # noqa: SLF001
    if not records.contains_scoped(*key):
        records.set_scoped(*key, [])
    records.get_scoped(*key).append(record)


def stream_state() -> dict[str, Any]:
    """The streams' records, which ministack itself forgets when it stops."""
    return {"records": dynamodb._stream_records, "trimmed": dynamodb._stream_trimmed}  # noqa: SLF001


def restore_streams(state: dict[str, Any]) -> None:
    dynamodb._stream_records.update(state["records"])  # noqa: SLF001
    dynamodb._stream_trimmed.update(state["trimmed"])  # noqa: SLF001


def trim_stream(table: str, done: str) -> None:
    """Forget a table's records up to a sequence number: every consumer is past it."""
    for key, records in dynamodb._stream_records.all_items():  # noqa: SLF001
        if key[2] == table:
            count = sum(record["dynamodb"]["SequenceNumber"] <= done for record in records)
            del records[:count]
            trimmed = dynamodb._stream_trimmed.get_scoped(*key, 0)  # noqa: SLF001
            dynamodb._stream_trimmed.set_scoped(*key, trimmed + count)  # noqa: SLF001
