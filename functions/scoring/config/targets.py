"""Whom and what the actions of a config name."""

from groundswell.access.model import ClientContext
from groundswell.audience.adapter_wiring import lists
from groundswell.audience.model import ListNotFound
from groundswell.kernel.errors import Invalid
from groundswell.scoring.model import Action
from groundswell.tenancy.members.store import DynamoTeam


def check(who: ClientContext, stage: str, action: Action) -> None:
    """Raises Invalid for somebody who is no member, and for a list that is none."""
    people = action.create_task.assignees if action.create_task else ()
    working = DynamoTeam().working(who.client_id, who.org_id, people) if people else frozenset[str]()
    if missing := [person for person in people if person not in working]:
        raise Invalid.on(f"actions.{stage}.create_task.assignees", f"{missing[0]} is nobody of this client")
    if action.list_id:
        _need_list(who.client_id, stage, action.list_id)


def _need_list(client_id: str, stage: str, list_id: str) -> None:
    try:
        lists().get(client_id, list_id)
    except ListNotFound as error:
        raise Invalid.on(f"actions.{stage}.list_id", "no list of this client") from error
