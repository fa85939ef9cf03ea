"""The endpoints of dead letters, for operators of the platform."""

from functools import cache
from typing import Annotated, Any

from fastapi import Query

from functions.admin import examples
from functions.admin.deadletters.schemas import (
    DeadLetterQueueOut,
    LetterOut,
    LetterWithBody,
    letter_out,
    queue_out,
    with_body,
)
from functions.admin.platform import dead_letter_queues, stream_workers
from groundswell.admin.deadletters.adapter_queue import SqsLetters
from groundswell.admin.deadletters.adapter_replay import ToQueue, ToSchedule, ToStream
from groundswell.admin.deadletters.model import Origin
from groundswell.admin.deadletters.service import DeadLetterService, Replayer
from groundswell.audit.model import PLATFORM
from groundswell.audit.store import DynamoAuditStore
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, Listed, ok
from groundswell.http.operation import operation
from groundswell.http.paging import Catalogue, PageRequest, both_ways, paging
from groundswell.http.principal import Operator
from groundswell.http.provide import provide

router = create_router("Admin")


@cache
def dead_letter_service() -> DeadLetterService:
    letters = {source: SqsLetters(source, queue) for source, queue in dead_letter_queues().items()}
    replayers: dict[Origin, Replayer] = {
        Origin.QUEUE: ToQueue(),
        Origin.STREAM: ToStream(stream_workers()),
        Origin.SCHEDULE: ToSchedule(),
    }
    return DeadLetterService(letters, replayers, DynamoAuditStore())


DeadLetters = Annotated[DeadLetterService, provide(dead_letter_service)]
Letters = Annotated[PageRequest, paging(100, 100, sorts=both_ways("first_seen"))]
_ONE = "/admin/dead-letters/{source}/{letter_id}"
_REFUSES: dict[str, Any] = {"errors": (401, 403, 404)}


@router.get(
    "/admin/dead-letters", **operation("admin.dead_letters.list", response_example=[examples.LETTER], **_REFUSES)
)
async def list_letters(
    who: Operator,  # noqa: ARG001 - says who may
    letters: DeadLetters,
    page: Letters,
    source: Annotated[str | None, Query(max_length=64, description="One source; all if absent")] = None,
) -> Listed[LetterOut]:
    """What no retry could help, oldest first: of each source a hundred, and the next ones when these are gone. Looking
    at a letter puts nothing at risk: it is out of sight for a moment only."""
    shown = [letter_out(letter) for letter in letters.list(source)]
    return page.answer_whole(PLATFORM, shown, lambda letter: f"{letter.first_seen}#{letter.id}")


@router.get(
    "/admin/dead-letters/sources",
    **operation(
        "admin.dead_letters.sources",
        response_example=[{"source": "mail", "origin": "queue", "letters": 1}],
        errors=(401, 403),
    ),
)
async def list_sources(
    who: Operator,  # noqa: ARG001 - says who may
    letters: DeadLetters,
    page: Catalogue,
) -> Listed[DeadLetterQueueOut]:
    """Where dead letters come from, and how many there are."""
    return page.answer_in_order(PLATFORM, [queue_out(queue) for queue in letters.queues()])


@router.get(_ONE, **operation("admin.dead_letters.get", response_example=examples.LETTER_WITH_BODY, **_REFUSES))
async def get_letter(source: str, letter_id: str, who: Operator, letters: DeadLetters) -> Envelope[LetterWithBody]:
    """One letter with its body."""
    return ok(with_body(letters.get(who, source, letter_id)))


@router.post(
    _ONE + "/replay",
    **operation("admin.dead_letters.replay", response_example=examples.LETTER, errors=(401, 403, 404, 409)),
)
async def replay_letter(source: str, letter_id: str, who: Operator, letters: DeadLetters) -> Envelope[LetterOut]:
    """Hand it to its worker again. What fails again becomes a new letter."""
    return ok(letter_out(letters.replay(who, source, letter_id)))


@router.delete(_ONE, **operation("admin.dead_letters.discard", response_example=examples.LETTER, **_REFUSES))
async def discard_letter(source: str, letter_id: str, who: Operator, letters: DeadLetters) -> Envelope[LetterOut]:
    """Delete a letter for good."""
    return ok(letter_out(letters.discard(who, source, letter_id)))
