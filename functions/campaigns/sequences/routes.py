"""The endpoints of sequences."""

from typing import Annotated, Any

from fastapi import Response

from functions.campaigns.sequences import examples
from functions.campaigns.sequences.schemas import (
    EnrolmentOut,
    SequenceChanges,
    SequenceIn,
    SequenceOut,
    enrolment_out,
    sequence_out,
)
from functions.campaigns.wiring import Sequences
from groundswell.campaigns.sequences.model import Sequence
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import OldestFirst, PageRequest, paging
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Admin, Editor, Viewer
from groundswell.tenancy.clients.model import Scope

router = create_router("Campaigns")
_PATH = "/campaigns/sequences"
ByLead = Annotated[PageRequest, paging(sorts=("lead_id",))]
_ONE = f"{_PATH}/{{sequence_id}}"
_READS: dict[str, Any] = {"scope": Scope.CAMPAIGNS_READ, "errors": (401, 403, 404)}
_WRITES: dict[str, Any] = {"scope": Scope.CAMPAIGNS_WRITE, "errors": (401, 403, 404, 409)}


@router.post(
    _PATH,
    **operation(
        "sequences.create",
        request_example=examples.CREATE,
        response_example=examples.SEQUENCE,
        status=201,
        location=f"{_PATH}/{{id}}",
        **_WRITES,
    ),
)
async def create_sequence(
    body: SequenceIn, who: Editor, response: Response, sequences: Sequences
) -> Envelope[SequenceOut]:
    """Messages one after another, as a draft. Nothing is sent before it is started."""
    return created(_tagged(sequences.create(who, body.values()), response))


@router.get(_PATH, **operation("sequences.list", response_example=[examples.SEQUENCE], **_READS))
async def list_sequences(who: Viewer, page: OldestFirst, sequences: Sequences) -> Listed[SequenceOut]:
    """All of the client's: 50 at most."""
    return page.answer_whole(who.client_id, map(sequence_out, sequences.list(who.client_id)))


@router.get(_ONE, **operation("sequences.get", response_example=examples.SEQUENCE, **_READS))
async def get_sequence(
    sequence_id: str, who: Viewer, response: Response, sequences: Sequences
) -> Envelope[SequenceOut]:
    """One sequence. The deliveries and stats of a step are those of its `campaign_id`."""
    return ok(_tagged(sequences.get(who.client_id, sequence_id), response))


@router.update(
    _ONE,
    **operation(
        "sequences.update",
        request_example=examples.UPDATE,
        response_example=examples.UPDATED,
        scope=Scope.CAMPAIGNS_WRITE,
        errors=(401, 403, 404, 409, 412),
    ),
)
async def update_sequence(
    sequence_id: str,
    body: SequenceChanges,
    who: Editor,
    expected: IfMatch,
    response: Response,
    sequences: Sequences,
) -> Envelope[SequenceOut]:
    """While it is a draft; paused, all but its steps, start and audience: 409 `SEQUENCE_LOCKED`."""
    return ok(_tagged(sequences.update(who, sequence_id, body.values(), expected), response))


@router.delete(
    _ONE,
    **operation("sequences.delete", scope=Scope.CAMPAIGNS_WRITE, response_example={}, errors=(401, 403, 404, 409, 412)),
)
async def delete_sequence(sequence_id: str, who: Admin, expected: IfMatch, sequences: Sequences) -> Envelope[Empty]:
    """What its steps sent stays, as campaigns. While it is active: 409 `SEQUENCE_ACTIVE`."""
    sequences.delete(who, sequence_id, expected)
    return ok(Empty())


@router.post(f"{_ONE}/start", **operation("sequences.start", response_example=examples.SEQUENCE, **_WRITES))
async def start_sequence(
    sequence_id: str, who: Editor, response: Response, sequences: Sequences
) -> Envelope[SequenceOut]:
    """Without `start_when` its audience begins now, each lead once; with it, who meets that from now on. After a pause
    it goes on."""
    return ok(_tagged(sequences.start(who, sequence_id), response))


@router.post(f"{_ONE}/pause", **operation("sequences.pause", response_example=examples.PAUSED, **_WRITES))
async def pause_sequence(
    sequence_id: str, who: Editor, response: Response, sequences: Sequences
) -> Envelope[SequenceOut]:
    """Nobody begins, and no step comes. Steps that became due meanwhile come when it goes on."""
    return ok(_tagged(sequences.pause(who, sequence_id), response))


@router.get(f"{_ONE}/enrolments", **operation("sequences.enrolments", response_example=[examples.ENROLMENT], **_READS))
async def list_enrolments(sequence_id: str, who: Viewer, page: ByLead, sequences: Sequences) -> Listed[EnrolmentOut]:
    """Who goes, or went, through it, and where they are."""
    enrolments = sequences.enrolments(who.client_id, sequence_id, page.limit, page.position(who.client_id))
    return page.answer(who.client_id, enrolments.map(enrolment_out))


def _tagged(sequence: Sequence, response: Response) -> SequenceOut:
    tag(response, sequence.version)
    return sequence_out(sequence)
