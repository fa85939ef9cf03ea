"""The endpoints of threads."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Query

from functions.chat import examples
from functions.chat.schemas import AssignIn, HandoffIn, RateIn, ReadIn, TagsIn, ThreadOut, thread_out
from functions.chat.wiring import Chat
from groundswell.chat.model import Channel, Status, Thread
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, Listed, ok
from groundswell.http.operation import operation
from groundswell.http.paging import PageRequest, paging
from groundswell.http.participant import Talking
from groundswell.tenancy.clients.model import Scope

router = create_router("Chat")
ByLastMessage = Annotated[PageRequest, paging(sorts=("-last_message_at", "last_message_at"))]
OneId = Annotated[str | None, Query(max_length=100)]


@router.get(
    "/chat/threads",
    **operation("chat.threads.list", scope=Scope.CHAT_READ, response_example=[examples.THREAD], errors=(401, 403, 404)),
)
async def list_threads(
    who: Talking,
    chat: Chat,
    paging: ByLastMessage,
    status: Status = Status.ACTIVE,
    user_id: OneId = None,
    assignee_id: OneId = None,
    tag: Annotated[str | None, Query(max_length=50)] = None,
    channel: Channel | None = None,
) -> Listed[ThreadOut]:
    """By their last message, newest first: all for agents, own ones for others. Filtered pages may be short."""
    matches = _filter({"assignee_id": assignee_id, "channel": channel}, tag)
    page = chat.threads(who, status, user_id, matches, paging.limit, paging.position(who.client_id))
    return paging.answer(who.client_id, page.map(lambda thread: thread_out(thread, who.id)))


def _filter(wanted: dict[str, Any], tag: str | None) -> Callable[[Thread], bool]:
    conditions = {name: value for name, value in wanted.items() if value is not None}

    def matches(thread: Thread) -> bool:
        same = all(getattr(thread, name) == value for name, value in conditions.items())
        return same and (tag is None or tag in thread.tags)

    return matches


@router.get(
    "/chat/threads/{thread_id}",
    **operation("chat.threads.get", scope=Scope.CHAT_READ, response_example=examples.THREAD, errors=(401, 403, 404)),
)
async def get_thread(thread_id: str, who: Talking, chat: Chat) -> Envelope[ThreadOut]:
    """One thread."""
    return ok(thread_out(chat.thread(who, thread_id), who.id))


def _action(name: str, request_example: Any = None, response_example: Any = examples.THREAD) -> dict[str, Any]:
    return operation(
        f"chat.threads.{name}",
        scope=Scope.CHAT_WRITE,
        request_example=request_example,
        response_example=response_example,
        errors=(401, 403, 404, 412),
    )


@router.post("/chat/threads/{thread_id}/archive", **_action("archive", response_example=examples.ARCHIVED))
async def archive_thread(thread_id: str, who: Talking, chat: Chat) -> Envelope[ThreadOut]:
    """Put it aside. A new message takes it out again."""
    return ok(thread_out(chat.archive(who, thread_id), who.id))


@router.post("/chat/threads/{thread_id}/unarchive", **_action("unarchive"))
async def unarchive_thread(thread_id: str, who: Talking, chat: Chat) -> Envelope[ThreadOut]:
    """Take it out again."""
    return ok(thread_out(chat.unarchive(who, thread_id), who.id))


@router.post("/chat/threads/{thread_id}/read", **_action("read", {"sequence": 1}))
async def read_thread(thread_id: str, who: Talking, chat: Chat, body: ReadIn | None = None) -> Envelope[ThreadOut]:
    """Note how far the caller has read: to the end, unless they say."""
    return ok(thread_out(chat.read(who, thread_id, body.sequence if body else None), who.id))


@router.post("/chat/threads/{thread_id}/assign", **_action("assign", {"assignee_id": None}))
async def assign_thread(thread_id: str, body: AssignIn, who: Talking, chat: Chat) -> Envelope[ThreadOut]:
    """Give it to somebody who works for the client, or to nobody. For agents."""
    return ok(thread_out(chat.assign(who, thread_id, body.assignee_id), who.id))


@router.post("/chat/threads/{thread_id}/handoff", **_action("handoff", {"to": "people"}))
async def hand_thread_over(
    thread_id: str, who: Talking, chat: Chat, body: HandoffIn | None = None
) -> Envelope[ThreadOut]:
    """Have people answer, who are told, or (`assistant`) the assistant again."""
    wanted = body or HandoffIn()
    return ok(thread_out(chat.hand_over(who, thread_id, wanted.to, wanted.assignee_id), who.id))


@router.post("/chat/threads/{thread_id}/rate", **_action("rate", examples.RATE))
async def rate_thread(thread_id: str, body: RateIn, who: Talking, chat: Chat) -> Envelope[ThreadOut]:
    """What whoever was helped thinks of it, from 1 to 5."""
    return ok(thread_out(chat.rate(who, thread_id, body.rating, body.comment), who.id))


@router.put("/chat/threads/{thread_id}/tags", **_action("tags", {"tags": []}))
async def tag_thread(thread_id: str, body: TagsIn, who: Talking, chat: Chat) -> Envelope[ThreadOut]:
    """These tags and no others. For agents."""
    return ok(thread_out(chat.tag(who, thread_id, body.tags), who.id))
