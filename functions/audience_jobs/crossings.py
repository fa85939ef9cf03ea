"""What a lead's coming to a stage sets off, with the parts of other features that it needs."""

from functools import cache

from groundswell.access.model import ClientContext, Role
from groundswell.audience.adapter_wiring import members
from groundswell.audience.model import ListNotFound
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.leads.model import Lead
from groundswell.leads.store import DynamoLeadStore
from groundswell.observability.log import log
from groundswell.scoring.crossing import CrossingActions, Deed
from groundswell.scoring.model import TaskAction
from groundswell.tasks.model import Opener, Priority
from groundswell.tasks.port import TaskPort
from groundswell.tasks.store import DynamoTaskStore

_ACTOR = "feature:scoring"
_QUEUE = "audience"


class LeadTasks:
    def __init__(self, port: TaskPort, leads: DynamoLeadStore) -> None:
        self._port = port
        self._leads = leads

    def open(self, deed: Deed, action: TaskAction) -> None:
        """The id of the task follows from the crossing: it is the same whoever repeats it. A lead that is gone by now
        needs none."""
        lead = self._leads.find(deed.client_id, deed.lead_id)
        if lead is None or lead.merged_into:
            return
        self._port.open(
            deed.client_id,
            Opener("scoring", f"{deed.stage}-{deed.number}", _QUEUE),
            deed.lead_id,
            "lead",
            action.name or f"{_called(lead)} is {deed.stage.upper()}",
            priority=Priority(action.priority),
            assignees=action.assignees,
            description=f"Score {deed.score:.2f}, grade {deed.grade}",
        )


class LeadLists:
    def add(self, client_id: str, list_id: str, lead_id: str) -> None:
        """A list that is gone by now takes nobody."""
        acting = ClientContext(client_id, "", _ACTOR, Role.EDITOR)
        try:
            members().add(acting, list_id, [lead_id], source="scoring")
        except ListNotFound:
            log.info("list is gone")


@cache
def crossing_actions() -> CrossingActions:
    return CrossingActions(LeadTasks(TaskPort(DynamoTaskStore(), utc_now, new_id), DynamoLeadStore()), LeadLists())


def _called(lead: Lead) -> str:
    return lead.name or lead.email or lead.company or "A lead"
