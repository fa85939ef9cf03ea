"""Tags: what new ones set off, and those that the model finds in a message."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from groundswell.chat import events
from groundswell.chat.jobs import Job
from groundswell.chat.model import Message, Thread
from groundswell.chat.settings import ChatSettings, Tag
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.message import Message as Queued
from groundswell.language_model.model import Data, Form, ModelFailure, Question, Reply

PURPOSE = "chat.tags"
_ATTEMPTS = 40
_MAX_TOKENS = 200
_RULES = (
    "Say which of these tags fit the message that somebody wrote to a company in its chat. Name a tag only where its "
    "description clearly fits; name none where none does.\n"
)


class Model(Protocol):
    async def ask(self, org_id: str, question: Question) -> Reply:
        """Raises ModelFailure."""


class TaggingStore(Protocol):
    def thread(self, client_id: str, thread_id: str) -> Thread | None: ...

    def at(self, client_id: str, thread_id: str, sequence: int, message_id: str = "") -> Message | None: ...

    def settings(self, client_id: str) -> ChatSettings: ...

    def save_thread(self, thread: Thread, messages: Sequence[Queued] = (), changes: Sequence[Any] = ()) -> Thread:
        """Raises PreconditionFailed."""

    def changed(self, message: Message) -> Any: ...


def assigned(thread: Thread, settings: ChatSettings, before: Sequence[str]) -> Thread:
    """By the first tag that was not there `before` and assigns."""
    wanted = next((tag.action.assign_to for tag in _new(thread, settings, before) if tag.action.assign_to), None)
    return replace(thread, assignee_id=wanted) if wanted and thread.assignee_id is None else thread


def acted(thread: Thread, settings: ChatSettings, before: Sequence[str]) -> list[Queued]:
    """What the tags set off that were not there `before`."""
    new = _new(thread, settings, before)
    queue_messages = [events.tagged(thread, tag.name) for tag in new if tag.action.webhook]
    return queue_messages + [events.task_wanted(thread, tag) for tag in new if tag.action.create_task]


def _new(thread: Thread, settings: ChatSettings, before: Sequence[str]) -> list[Tag]:
    return [tag for tag in settings.tags if tag.name in thread.tags and tag.name not in before]


class Tagging:
    """A model that does not answer leaves what the rules found."""

    def __init__(self, store: TaggingStore, model: Callable[[], Model], now: Callable[[], datetime]) -> None:
        self._store = store
        self._model = model
        self._now = now

    async def detect(self, job: Job) -> None:
        """The tags of the message at that place, once."""
        message = self._store.at(job.client_id, job.thread_id, job.sequence)
        thread = self._store.thread(job.client_id, job.thread_id)
        if message is None or thread is None or message.examined:
            return
        settings = self._store.settings(job.client_id)
        wanted = settings.described(message.tags)
        if not wanted:
            return
        try:
            reply = await self._model().ask(thread.org_id, question_of(message.text, wanted))
        except ModelFailure:
            return
        known = {tag.name for tag in wanted}
        self._keep(job, settings, [tag for tag in reply.value["tags"] if tag in known])

    def _keep(self, job: Job, settings: ChatSettings, tags: Sequence[str]) -> None:
        for _ in range(_ATTEMPTS):
            message = self._store.at(job.client_id, job.thread_id, job.sequence)
            thread = self._store.thread(job.client_id, job.thread_id)
            if message is None or thread is None or message.examined:
                return
            examined = replace(message, examined=True, tags=tuple(dict.fromkeys((*message.tags, *tags))))
            after = replace(thread, tags=tuple(dict.fromkeys((*thread.tags, *tags))), updated_at=self._now())
            after = assigned(after, settings, thread.tags)
            try:
                self._store.save_thread(after, acted(after, settings, thread.tags), [self._store.changed(examined)])
            except PreconditionFailed:
                continue
            return
        raise PreconditionFailed


def question_of(text: str, tags: Sequence[Tag]) -> Question:
    listed = "\n".join(f"- {tag.name}: {tag.description}" for tag in tags)
    names = {"type": "array", "items": {"type": "string", "enum": [tag.name for tag in tags]}}
    schema = {"type": "object", "properties": {"tags": names}, "required": ["tags"], "additionalProperties": False}
    return Question(
        PURPOSE,
        _RULES + listed,
        (Data("message", text),),
        Form("tags", schema),
        max_tokens=_MAX_TOKENS,
        temperature=0.0,
    )
