"""Two leads that are one person, and how they are two again: pure rules.

What the kept lead says holds; the other one fills its gaps. Another e-mail, phone, chat, wallet, distinct id or
external id than its own becomes an alias. Tags, watchers, lists and segments are added; of each channel's consents the
newest holds. Undoing takes back what the merge brought and nobody changed since.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from groundswell.kernel.errors import Conflict, NotFound
from groundswell.leads.model import Consent, Lead

_FILLED = (
    "email",
    "phone",
    "first_name",
    "last_name",
    "company",
    "title",
    "website",
    "source",
    "owner_id",
    "locale",
    "timezone",
    "telegram_chat_id",
    "wallet",
    "distinct_id",
)
_ADDED = ("tags", "watchers", "list_ids", "segment_ids")
_MAPPED = ("custom_fields", "external", "consent")
_KEPT = frozenset({"id", "client_id", "version", "merged_into"})


class MergeNotFound(NotFound):
    code = "MERGE_NOT_FOUND"
    message = "No such merge"


class MergeRefused(Conflict):
    """A lead that went into another one takes part in no merge: so there are no circles."""

    code = "ALREADY_MERGED"
    message = "One of them was merged already: `error.details.id` is the lead it went into"


class MergeUndone(Conflict):
    code = "MERGE_UNDONE"
    message = "This merge was undone already"


class MergeTooLarge(Conflict):
    code = "MERGE_TOO_LARGE"
    message = "These leads have more tags, lists and identities than are changed at once: remove some of them first"


@dataclass(frozen=True)
class Merge:
    """Both leads as they were, and the kept one as the merge left it."""

    id: str
    client_id: str
    by: str
    created_at: datetime
    keep: Lead
    other: Lead
    merged: Lead
    undone_at: datetime | None = None
    undone_by: str | None = None


def joined(keep: Lead, other: Lead, now: datetime) -> Lead:
    """The kept lead with what the other one adds."""
    filled = {name: getattr(other, name) for name in _FILLED if getattr(keep, name) is None}
    added = {name: _union(getattr(keep, name), getattr(other, name)) for name in _ADDED}
    mapped = {name: {**getattr(other, name), **getattr(keep, name)} for name in ("custom_fields", "external")}
    values: dict[str, Any] = {**filled, **added, **mapped, "consent": _newest(keep.consent, other.consent)}
    after = replace(keep, **values, merged_ids=_union(keep.merged_ids, (other.id, *other.merged_ids)))
    own = {identity.key for identity in after.identities}
    aliases = tuple(sorted((keep.keys | other.keys) - own))
    activity = max(keep.last_activity_at, other.last_activity_at)
    return replace(after, aliases=aliases, last_activity_at=activity, updated_at=now)


def separated(now: Lead, merge: Merge) -> Lead:
    """The kept lead without what the merge brought. Of what was changed since, the change stays."""
    values: dict[str, Any] = {}
    for field in fields(Lead):
        before, merged, present = (getattr(lead, field.name) for lead in (merge.keep, merge.merged, now))
        if field.name in _MAPPED:
            values[field.name] = _members_restored(before, merged, present)
        elif isinstance(merged, tuple):
            values[field.name] = _restored(before, merged, present)
        elif field.name not in _KEPT and present == merged:
            values[field.name] = before
    return replace(now, **values)


def _union(values: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*values, *more)))


def _newest(consents: Mapping[str, Consent], more: Mapping[str, Consent]) -> dict[str, Consent]:
    newest = dict(consents)
    for channel, entry in more.items():
        if channel not in newest or newest[channel].at < entry.at:
            newest[channel] = entry
    return newest


def _restored(before: tuple[str, ...], merged: tuple[str, ...], present: tuple[str, ...]) -> tuple[str, ...]:
    if present == merged:
        return before
    added = [value for value in present if value not in merged]
    return tuple(value for value in _union(before, tuple(added)) if value in present)


def _members_restored(
    before: Mapping[str, Any], merged: Mapping[str, Any], present: Mapping[str, Any]
) -> dict[str, Any]:
    """Of each member: what it was, or what it became since."""
    if present == merged:
        return dict(before)
    gone = object()
    names = dict.fromkeys((*before, *present))
    untouched = {name for name in names if present.get(name, gone) == merged.get(name, gone)}
    members = {name: (before if name in untouched else present).get(name, gone) for name in names}
    return {name: value for name, value in members.items() if value is not gone}
