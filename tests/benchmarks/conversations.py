"""What chat costs in AWS calls: a message, pages of threads with a hundred and 100,000 of them, waiting for news.

Calls count that are about the client's conversations; who asks and how often they may is the edge's, for every request
alike.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from groundswell.chat.items import message_item, thread_item
from groundswell.chat.store import DynamoChatStore
from groundswell.storage.client import dynamodb
from tests.backend import Backend
from tests.benchmarks.in_moto import keep, system
from tests.benchmarks.report import Figure, Say, at_most, table
from tests.gateway import Answer, Gateway
from tests.people import People, Person

_WAITED = 3
type Row = tuple[str, Sequence[str]]
"""A request, and its calls."""


def measure(say: Say, *, sizes: Sequence[int]) -> tuple[list[Figure], str]:
    with system(PUBLIC_URL="https://api.acme.example") as backend:
        ada = People(Gateway(backend, "198.51.100.7")).sign_up()
        sent = _sent(ada)
        pages = {size: _pages(backend, ada, size, say) for size in sizes}
        waited = _waited(ada)
    figures = [
        at_most("AWS calls of /chat/send without AI, beside the edge's", max(len(calls) for _, calls in sent), 3),
        *(
            at_most(f"reads of a page of history, {size:,} messages", max(len(calls) for _, calls in rows), 2)
            for size, rows in pages.items()
        ),
        at_most("reads a second and viewer of long polling", len(waited[1]) / (_WAITED + 1), 1),
    ]
    rows = [*sent, *(row for size in pages.values() for row in size), waited]
    spelt = [(what, str(len(calls)), ", ".join(calls)) for what, calls in rows]
    return figures, table("Conversations", ("request", "calls", "which"), spelt)


def _sent(ada: Person) -> list[Row]:
    first, began = _counted(lambda: ada.post("/chat/send", {"message": "Hello"}))
    thread = first.data["thread_id"]
    _, went_on = _counted(lambda: ada.post("/chat/send", {"message": "And?", "thread_id": thread}))
    return [("a message that begins a thread", began), ("a message into a thread", went_on)]


def _pages(backend: Backend, ada: Person, size: int, say: Say) -> list[Row]:
    """First, middle and last page of a thread, and of the person's history."""
    say(f"a thread of {size:,} messages")
    thread = ada.post("/chat/send", {"message": "First"}).data["thread_id"]
    _fill(backend, ada.client_id, thread, size)
    rows = []
    for offset in (0, size // 2, size - 50):
        path = f"/chat/history?thread_id={thread}&limit=50&offset={offset}"
        page, calls = _counted(lambda path=path: ada.get(path))
        assert [message["sequence"] for message in page.data] == list(range(offset + 1, offset + 51)), page.body
        assert page.json["meta"]["total"] == size
        rows.append((f"50 of {size:,} messages from {offset:,}", calls))
    return rows


def _fill(backend: Backend, client_id: str, thread_id: str, size: int) -> None:
    store = DynamoChatStore()
    thread, first = store.thread(client_id, thread_id), store.at(client_id, thread_id, 1)
    assert thread
    assert first
    messages = (replace(first, id=f"{thread_id}-{number}", sequence=number) for number in range(2, size + 1))
    keep(backend, "core", ({**message_item(message).serialize(), "version": {"N": "1"}} for message in messages))
    whole = replace(thread, last_sequence=size)
    keep(backend, "core", [{**thread_item(whole).serialize(), "version": {"N": "1"}}])


def _waited(ada: Person) -> Row:
    thread = ada.post("/chat/send", {"message": "Anybody?"}).data["thread_id"]
    _, calls = _counted(lambda: ada.get(f"/chat/history?thread_id={thread}&after=1&wait={_WAITED}"))
    return f"{_WAITED} s of waiting for nothing", calls


def _counted(ask: Callable[[], Answer]) -> tuple[Answer, list[str]]:
    with _conversations() as calls:
        answer = ask()
    assert answer.status in (200, 201), answer.body
    return answer, calls


@contextmanager
def _conversations() -> Iterator[list[str]]:
    """Operations on the client's conversations meanwhile."""
    made: list[str] = []

    def note(model: Any, params: dict[str, Any], **_: Any) -> None:
        if b"CHAT#" in _raw(params["body"]):
            made.append(model.name)

    events = dynamodb().meta.events
    events.register_first("before-call", note)
    try:
        yield made
    finally:
        events.unregister("before-call", note)


def _raw(body: str | bytes) -> bytes:
    return body if isinstance(body, bytes) else body.encode()
