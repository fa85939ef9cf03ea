"""The endpoints of interactions, timelines and the consent ledger, and their wiring."""

from functools import cache
from os import urandom
from typing import Annotated, Any

from functions.leads.activity import examples
from functions.leads.activity.schemas import EntryOut, InteractionIn, InteractionOut, LedgerOut
from groundswell.analytics.questions.profiles import ProfileService
from groundswell.analytics.wallets.service import WalletService
from groundswell.analytics.wallets.store import DynamoWalletStore
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.events.people.service import PeopleService
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, Listed, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import NewestOnly
from groundswell.http.principal import Member, Viewer
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.leads.activity import ActivityService
from groundswell.leads.adapter_activity import DynamoActivityStore
from groundswell.leads.adapter_events import ProfileEvents
from groundswell.leads.adapter_wiring import lead_service
from groundswell.leads.follow_ups import FollowUps
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name
from groundswell.tasks.service import TaskService
from groundswell.tasks.store import DynamoTaskStore
from groundswell.tenancy.clients.model import Scope
from groundswell.tenancy.members.store import DynamoTeam

router = create_router("Leads")
_READS: dict[str, Any] = {"scope": Scope.LEADS_READ, "errors": (401, 403, 404)}


@cache
def activity_service() -> ActivityService:
    log = DynamoEventLog(dynamodb(), table_name("events"))
    wallets = WalletService(DynamoWalletStore(), utc_now, lambda: urandom(12).hex())
    events = ProfileEvents(ProfileService(log, PeopleService(log), wallets, utc_now))
    follow_ups = FollowUps(TaskService(DynamoTaskStore(), DynamoTeam(), utc_now, new_id), DynamoTeam())
    return ActivityService(lead_service(), DynamoActivityStore(), events, follow_ups, utc_now, new_id)


Activity = Annotated[ActivityService, provide(activity_service)]


@router.post(
    "/leads/{lead_id}/interactions",
    **operation(
        "leads.add_interaction",
        scope=Scope.LEADS_WRITE,
        request_example=examples.CREATE,
        response_example=examples.INTERACTION,
        status=201,
        location="/leads/{lead_id}/interactions/{id}",
        errors=(401, 403, 404, 412),
    ),
)
async def add_interaction(
    lead_id: str, body: InteractionIn, who: Member, activity: Activity
) -> Envelope[InteractionOut]:
    """Note a call, an e-mail, a meeting or anything else, or a follow-up: it opens a task that is due at `due_at`, for
    the lead's owner, else for you."""
    values = body.model_dump(exclude={"client_id"})
    return created(InteractionOut.model_validate(activity.add(who, lead_id, values)))


@router.get(
    "/leads/{lead_id}/interactions",
    **operation("leads.interactions", response_example=[examples.INTERACTION], **_READS),
)
async def list_interactions(lead_id: str, who: Viewer, page: NewestOnly, activity: Activity) -> Listed[InteractionOut]:
    """What people noted, newest first, also of leads that went into this one."""
    interactions = activity.interactions(who.client_id, lead_id, page.limit, page.position(who.client_id))
    return page.answer(who.client_id, interactions.map(InteractionOut.model_validate))


@router.get(
    "/leads/{lead_id}/interactions/{interaction_id}",
    **operation("leads.get_interaction", response_example=examples.INTERACTION, **_READS),
)
async def get_interaction(
    lead_id: str, interaction_id: str, who: Viewer, activity: Activity
) -> Envelope[InteractionOut]:
    """One interaction."""
    return ok(InteractionOut.model_validate(activity.get(who.client_id, lead_id, interaction_id)))


@router.get("/leads/{lead_id}/timeline", **operation("leads.timeline", response_example=[examples.ENTRY], **_READS))
async def list_timeline(lead_id: str, who: Viewer, page: NewestOnly, activity: Activity) -> Listed[EntryOut]:
    """What happened with the lead on every channel, newest first: interactions, product events of the person whom its
    distinct id or wallet names, and what campaigns, chats or bookings told."""
    timeline = activity.timeline(who.client_id, lead_id, page.limit, page.position(who.client_id))
    return page.answer(who.client_id, timeline.map(EntryOut.model_validate))


@router.get("/leads/{lead_id}/consents", **operation("leads.consents", response_example=[examples.CONSENT], **_READS))
async def list_consents(lead_id: str, who: Viewer, page: NewestOnly, activity: Activity) -> Listed[LedgerOut]:
    """All that was agreed to or withdrawn, by channel, newest first. The newest of each channel holds: it is the
    `consent` of the lead, which is changed by changing the lead."""
    consents = activity.consents(who.client_id, lead_id, page.limit, page.position(who.client_id))
    return page.answer(who.client_id, consents.map(LedgerOut.model_validate))
