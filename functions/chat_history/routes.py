"""The history of conversations, and what is new in one: a function of its own, since callers may wait in it."""

import asyncio
from typing import Annotated

from fastapi import Query

from functions.chat_history.wiring import Chat
from groundswell.chat.model import MessageStatus, Participant
from groundswell.chat.service import ChatService, HistoryPage, Wanted
from groundswell.http.app import create_router
from groundswell.http.chat_message import EXAMPLE, MessageOut, message_out
from groundswell.http.envelope import Counted, CountedMeta
from groundswell.http.operation import operation
from groundswell.http.participant import Talking
from groundswell.kernel.errors import Invalid
from groundswell.tenancy.clients.model import Scope

router = create_router("Chat")
_LONGEST_WAIT = 10
_LOOKS_EVERY = 1.0
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
    user_id: Annotated[Id, Query(description="All threads of that person; absent: the caller's own")] = None,
    thread_id: Id = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    after: Annotated[int | None, Query(ge=0, description="Of one thread: what follows this sequence")] = None,
    wait: Annotated[int, Query(ge=0, le=_LONGEST_WAIT, description="Seconds to wait for something after `after`")] = 0,
    tag: Annotated[str | None, Query(min_length=1, max_length=50)] = None,
    status: MessageStatus | None = None,
    q: Annotated[str | None, Query(min_length=1, max_length=200, description="Part of the text, in any case")] = None,
) -> Counted[MessageOut]:
    """Messages, oldest first. `meta.total` is of all there is; null where a filter did not look at all of it."""
    if after is not None or wait:
        page = await _news(who, chat, thread_id, after, limit, wait)
        offset = after or 0
    else:
        page = chat.history(who, thread_id, user_id, offset, limit, Wanted(tag, status, q))
    more = page.total is not None and offset + len(page.messages) < page.total
    meta = CountedMeta(next_cursor=None, has_more=more, limit=limit, total=page.total)
    return Counted[MessageOut](data=[message_out(each) for each in page.messages], meta=meta)


async def _news(
    who: Participant, chat: ChatService, thread_id: str | None, after: int | None, limit: int, wait: float
) -> HistoryPage:
    """What follows, once there is something, or that time is over: one read a second while there is nothing."""
    if thread_id is None:
        raise Invalid.on("thread_id", "name the thread whose news you wait for", "missing")
    page, last = chat.after(who, thread_id, after or 0, limit)
    while not page.messages and wait > 0:
        await asyncio.sleep(min(_LOOKS_EVERY, wait))
        wait -= _LOOKS_EVERY
        if chat.thread(who, thread_id).last_sequence > last:
            page, last = chat.after(who, thread_id, after or 0, limit)
    return page
