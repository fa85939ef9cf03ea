"""The history of conversations, and what is new in one: a function of its own, since callers may wait in it."""

import asyncio
from typing import Annotated

from fastapi import Query

from functions.chat_history.wiring import Chat
from groundswell.chat.history import Span
from groundswell.chat.model import MessageStatus, Participant
from groundswell.chat.reading import HistoryPage, Wanted
from groundswell.chat.service import ChatService
from groundswell.http.app import create_router
from groundswell.http.chat_message import EXAMPLE, MessageOut, message_out
from groundswell.http.envelope import Counted
from groundswell.http.operation import operation
from groundswell.http.paging import NEWEST_FIRST, PageRequest, paging
from groundswell.http.participant import Talking
from groundswell.kernel.errors import Invalid
from groundswell.kernel.page import REVERSED, CountedPage, Page, Position, is_reversed
from groundswell.tenancy.clients.model import Scope

router = create_router("Chat")
_LONGEST_WAIT = 10
_LOOKS_EVERY = 1.0
Messages = Annotated[PageRequest, paging(200, sorts=NEWEST_FIRST[::-1])]
Id = Annotated[str | None, Query(min_length=1, max_length=100)]


@router.get(
    "/chat/history",
    **operation(
        "chat.history", scope=Scope.CHAT_READ, response_example=[EXAMPLE], errors=(401, 403, 404), counted=True
    ),
)
async def list_history(
    who: Talking,
    chat: Chat,
    page: Messages,
    user_id: Annotated[Id, Query(description="All threads of that person; absent: the caller's own")] = None,
    thread_id: Id = None,
    offset: Annotated[int, Query(ge=0, le=10_000_000, description="How many to leave out; a cursor goes first")] = 0,
    after: Annotated[int | None, Query(ge=0, description="Of one thread: what follows this sequence")] = None,
    wait: Annotated[int, Query(ge=0, le=_LONGEST_WAIT, description="Seconds to wait for something after `after`")] = 0,
    tag: Annotated[str | None, Query(min_length=1, max_length=50)] = None,
    status: MessageStatus | None = None,
    q: Annotated[str | None, Query(min_length=1, max_length=200, description="Part of the text, in any case")] = None,
) -> Counted[MessageOut]:
    """Messages, oldest first. `meta.total` is of all there is; null where a filter did not look at all of it. What
    follows `after` is always oldest first."""
    position = page.position(who.client_id) or {}
    if after is not None or wait:
        last = int(position.get("offset", after or 0))
        return _answered(page, who, await _news(who, chat, thread_id, last, page.limit, wait), Span(last, page.limit))
    span = _span(position, offset, page.limit)
    return _answered(page, who, chat.history(who, thread_id, user_id, span, Wanted(tag, status, q)), span)


def _span(position: Position, offset: int, limit: int) -> Span:
    total = position.get("total")
    return Span(
        int(position.get("offset", offset)), limit, is_reversed(position), int(total) if total is not None else None
    )


def _answered(page: PageRequest, who: Participant, history: HistoryPage, span: Span) -> Counted[MessageOut]:
    """Newest first, the next page counts from the end that there is now: messages that come meanwhile move nothing."""
    total, reached = span.total or history.total, span.offset + len(history.messages)
    more = None
    if total is not None and reached < total:
        more = {"offset": reached, **({"total": total, **REVERSED} if span.newest_first else {})}
    shown = Page(tuple(message_out(message) for message in history.messages), more)
    return page.answer_counted(who.client_id, CountedPage(shown, history.total))


async def _news(
    who: Participant, chat: ChatService, thread_id: str | None, after: int, limit: int, wait: float
) -> HistoryPage:
    """What follows, once there is something, or that time is over: one read a second while there is nothing."""
    if thread_id is None:
        raise Invalid.on("thread_id", "name the thread whose news you wait for", "missing")
    page, last = chat.after(who, thread_id, after, limit)
    while not page.messages and wait > 0:
        await asyncio.sleep(min(_LOOKS_EVERY, wait))
        wait -= _LOOKS_EVERY
        if chat.thread(who, thread_id).last_sequence > last:
            page, last = chat.after(who, thread_id, after, limit)
    return page
