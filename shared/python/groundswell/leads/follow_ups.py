"""Follow-ups as tasks: whoever works them is reminded as of every other."""

from typing import Protocol

from groundswell.access.model import ClientContext
from groundswell.kernel.clock import rfc3339
from groundswell.leads.model import Lead
from groundswell.leads.service import Team
from groundswell.leads.timeline import Interaction
from groundswell.tasks.model import Task

_LONGEST_NAME = 200


class Tasks(Protocol):
    def create(self, acting: ClientContext, values: dict[str, object]) -> Task: ...


class FollowUps:
    def __init__(self, tasks: Tasks, team: Team) -> None:
        self._tasks = tasks
        self._team = team

    def open(self, acting: ClientContext, lead: Lead, wanted: Interaction) -> str:
        """The id of a task that is due with the follow-up, for the lead's owner, else whoever noted it."""
        candidates = [user_id for user_id in (lead.owner_id, acting.actor_id) if user_id]
        known = self._team.working(acting.client_id, acting.org_id, candidates)
        who = (lead.name or lead.email or lead.phone or "a lead")[: _LONGEST_NAME - 20]
        values: dict[str, object] = {
            "name": f"Follow up with {who}",
            "description": wanted.body,
            "assignees": tuple(candidate for candidate in candidates if candidate in known)[:1],
            "due_date": rfc3339(wanted.due_at) if wanted.due_at else None,
            "related_object_id": lead.id,
            "related_object_type": "lead",
        }
        return self._tasks.create(acting, values).id
