"""Who of the client's people hears what of a lead: its owner and those who watch it.

Texts name nobody: they outlive a person's erasure.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from groundswell.kernel.message import Message
from groundswell.notifications.message import Kind, notification_message

if TYPE_CHECKING:
    from groundswell.leads.history import Change
    from groundswell.leads.model import Lead

ASSIGNED = Kind("lead.assigned", "A lead was given to you")
WATCHING = Kind("lead.watching", "You were made a watcher of a lead", mail=False)
STATUS = Kind("lead.status", "A lead of yours moved to another stage", mail=False)
CHANGED = Kind("lead.changed", "Somebody changed a lead of yours", mail=False)
KINDS = (ASSIGNED, WATCHING, STATUS, CHANGED)
_NOT_NEWS = frozenset({"owner_id", "watchers", "status"})
_NAMED_AT_MOST = 5


def messages_of(
    before: "Lead | None", after: "Lead", changes: "Collection[Change]", by: str, change_id: str, at: datetime
) -> Iterator[Message]:
    """`said` is the id of what was changed at once: told again, nobody hears it again. Nobody is told of what they did
    themselves; API keys and features read nothing."""
    recipients = {by}
    owner = after.owner_id
    new_owner = {owner} if owner and (before is None or before.owner_id != owner) else set[str]()
    watching = set(after.watchers) - set(before.watchers if before else ())
    for to, kind, text in (
        (new_owner, ASSIGNED, f"{_called(after)} is yours now"),
        (watching, WATCHING, f"You watch a{_called(after)[1:]}"),
        ({*([owner] if owner else []), *after.watchers}, *_change(after, changes)),
    ):
        people = {recipient for recipient in to - recipients if ":" not in recipient}
        if people and text:
            recipients |= people
            name = f"{change_id}-{kind.name}"
            yield notification_message(
                after.client_id, people, kind, text, object_type="lead", object_id=after.id, id=name, at=at
            )


def _change(after: "Lead", changes: "Collection[Change]") -> tuple[Kind, str]:
    """Without a text there is nothing to say."""
    moved = next((change for change in changes if change.field == "status"), None)
    if moved:
        return STATUS, f"{_called(after)} went from {moved.before} to {moved.after}"
    names = [change.field.rpartition(".")[2] for change in changes if change.field not in _NOT_NEWS]
    more = f" and {len(names) - _NAMED_AT_MOST} more" if len(names) > _NAMED_AT_MOST else ""
    return CHANGED, f"{_called(after)} changed: {', '.join(names[:_NAMED_AT_MOST])}{more}" if names else ""


def _called(lead: "Lead") -> str:
    return f"A lead of {lead.company}" if lead.company else "A lead"
