"""The endpoints of conversations."""

import asyncio
import re
from typing import Annotated

from fastapi import Header

from functions.chat import examples, widget
from functions.chat.schemas import (
    MessageWhole,
    SendIn,
    SentOut,
    VisitorIn,
    VisitorOut,
    is_answered,
    sent_out,
    whole_out,
)
from functions.chat.settings import routes as settings
from functions.chat.threads import routes as threads
from functions.chat.wiring import Chat, Sender, Visitors, attached
from groundswell.chat.drafts import Draft
from groundswell.chat.model import Message, Participant
from groundswell.chat.reading import MessageWithReply
from groundswell.chat.service import ChatService
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, created, ok
from groundswell.http.operation import operation
from groundswell.http.participant import Talking
from groundswell.http.ratelimit import HOUR
from groundswell.kernel.errors import Invalid
from groundswell.tenancy.clients.model import Scope

router = create_router("Chat")
router.include_router(threads.router)
router.include_router(settings.router)
router.include_router(widget.router)
_WAIT = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?(\d{1,4})", re.IGNORECASE)
_LONGEST_WAIT = 10.0
_LOOKS_EVERY = 0.5
Prefer = Annotated[
    str | None, Header(max_length=200, description="`wait=5`: seconds to wait for the reply, 10 at most (RFC 7240)")
]


@router.post(
    "/chat/send",
    **operation(
        "chat.send",
        scope=Scope.CHAT_WRITE,
        request_example=examples.SEND,
        response_example=examples.SENT,
        status=201,
        location="/chat/message/{id}",
        errors=(401, 403, 404, 409),
    ),
)
async def send_message(
    body: SendIn, who: Talking, chat: Chat, sender: Sender, prefer: Prefer = None
) -> Envelope[SentOut]:
    """Write into a thread, or begin one. In own threads the caller is the `user`, in others' an `agent`."""
    if body.user_id is not None and body.thread_id is None:
        chat.need_reachable(who, body.user_id)
    attachments = attached(who.client_id, body.attachments)
    draft = Draft(
        _text(body, who, chat),
        body.thread_id,
        body.user_id,
        body.client_message_id,
        attachments.files,
        send_at=body.send_at,
        ask_assistant=body.ai,
        to_mark=attachments.to_mark,
    )
    message, _ = sender.send(who, draft)
    return created(sent_out(await _answered(chat, message, _seconds(prefer))))


@router.get(
    "/chat/message/{message_id}",
    **operation("chat.message.get", scope=Scope.CHAT_READ, response_example=examples.WHOLE, errors=(401, 403, 404)),
)
async def get_message(message_id: str, who: Talking, chat: Chat) -> Envelope[MessageWhole]:
    """One message, with the assistant's reply to it."""
    return ok(whole_out(chat.message(who, message_id)))


@router.post(
    "/chat/message/{message_id}/cancel",
    **operation(
        "chat.message.cancel", scope=Scope.CHAT_WRITE, response_example=examples.WHOLE, errors=(401, 403, 404, 409)
    ),
)
async def cancel_message(message_id: str, who: Talking, chat: Chat) -> Envelope[MessageWhole]:
    """Do not send a message that is scheduled."""
    return ok(whole_out(MessageWithReply(chat.cancel(who, message_id), None)))


@router.post(
    "/chat/visitors",
    **operation(
        "chat.visitors.create",
        address_limit=(120, HOUR),
        request_example={"client_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c10", "name": "Grace"},
        response_example=examples.VISITOR,
        status=201,
        errors=(404, 429),
        shown_once=True,
    ),
)
async def create_visitor(body: VisitorIn, visitors: Visitors) -> Envelope[VisitorOut]:
    """A token for somebody whom nobody knows, to talk in threads of their own. It is good for half a year."""
    visitor = visitors.welcome(body.client_id, body.name)
    return created(VisitorOut(visitor_id=visitor.id, **_named(visitor)))


def _named(visitor: object) -> dict[str, object]:
    return {name: getattr(visitor, name) for name in ("token", "name", "expires_at")}


def _text(body: SendIn, who: Participant, chat: ChatService) -> str:
    if body.message is not None:
        return body.message
    canned = chat.settings(who.client_id).canned(body.canned_reply or "")
    if canned is None:
        raise Invalid.on("canned_reply", "no canned reply of the client's", "unknown")
    return canned.text


def _seconds(prefer: str | None) -> float:
    wait = _WAIT.search(prefer or "")
    return min(_LONGEST_WAIT, float(wait[1])) if wait else 0.0


async def _answered(chat: ChatService, message: Message, seconds: float) -> MessageWithReply:
    """The message, once it is answered or that time is over."""
    while not is_answered(message) and seconds > 0:
        await asyncio.sleep(_LOOKS_EVERY)
        seconds -= _LOOKS_EVERY
        message = chat.again(message)
    return chat.with_reply(message)
