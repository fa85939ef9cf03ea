"""What can be done with creatives: submit, change, decide."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from groundswell.access.model import ClientContext, Role
from groundswell.approval.model import DECISIONS_AT_MOST, Decision, Policy, ReviewEnded, Verdict, decide
from groundswell.approval.people import Team, check_approvers
from groundswell.creatives import events as news
from groundswell.creatives.checks import preflight
from groundswell.creatives.model import (
    Content,
    Creative,
    CreativeNotFound,
    Filter,
    Kind,
    LinkUsed,
    LogEntry,
    ShareLink,
    Version,
    changed,
    digest,
)
from groundswell.kernel.errors import Invalid, PreconditionFailed, require_version
from groundswell.kernel.ids import can_be_id
from groundswell.kernel.message import Message
from groundswell.kernel.page import Page, Position
from groundswell.media.model import Asset, Family
from groundswell.tasks.model import due_moment, is_date

type Values = Mapping[str, Any]
_ATTEMPTS = 4
_FAMILIES = {Kind.IMAGE: (Family.IMAGE, Family.DOCUMENT), Kind.VIDEO: (Family.VIDEO,)}


class CreativeStore(Protocol):
    def find(self, client_id: str, creative_id: str) -> Creative | None: ...

    def page(self, client_id: str, wanted: Filter, limit: int, position: Position | None) -> Page[Creative]:
        """Newest first. It may be short where few are wanted."""

    def save(
        self, before: Creative | None, after: Creative, written: "Written", messages: Sequence[Message]
    ) -> Creative:
        """Raises PreconditionFailed, MediaNotFound."""

    def remove(self, creative: Creative, by: str, messages: Sequence[Message]) -> None:
        """With all that was said of it. Raises PreconditionFailed."""

    def versions(self, client_id: str, creative_id: str) -> tuple[Version, ...]:
        """Oldest first."""

    def log(self, client_id: str, creative_id: str) -> tuple[LogEntry, ...]:
        """Oldest first."""


@dataclass(frozen=True)
class Written:
    """What a write adds, and never changes again: a version, a decision; the link that it was made by is used up."""

    version: Version | None = None
    entry: LogEntry | None = None
    link: ShareLink | None = None


@dataclass(frozen=True)
class Ruling:
    """What somebody decided. `version` is the one they looked at; None is: whichever is the newest."""

    verdict: Verdict
    reason: str | None = None
    version: int | None = None
    name: str | None = None


class CreativeService:
    """`media` raises MediaNotFound; `follow` sees to the review's task, after the write."""

    def __init__(
        self,
        store: CreativeStore,
        team: Team,
        media: Callable[[str, str], Asset],
        follow: Callable[[str, str, int], None],
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._team = team
        self._media = media
        self._follow = follow
        self._now = now
        self._new_id = new_id

    def list(self, client_id: str, wanted: Filter, limit: int, position: Position | None) -> Page[Creative]:
        return self._store.page(client_id, wanted, limit, position)

    def get(self, client_id: str, creative_id: str) -> Creative:
        """Raises CreativeNotFound."""
        creative = self._store.find(client_id, creative_id) if can_be_id(creative_id) else None
        if creative is None:
            raise CreativeNotFound
        return creative

    def versions(self, client_id: str, creative_id: str) -> Sequence[Version]:
        """Raises CreativeNotFound."""
        self.get(client_id, creative_id)
        return self._store.versions(client_id, creative_id)

    def log(self, client_id: str, creative_id: str) -> Sequence[LogEntry]:
        """Raises CreativeNotFound."""
        self.get(client_id, creative_id)
        return self._store.log(client_id, creative_id)

    def submit(self, who: ClientContext, values: Values) -> Creative:
        """Raises Invalid, MediaNotFound, MediaNotReady."""
        content = changed(Content("", values["type"], text=values.get("text"), url=values.get("url")), values)
        now = self._now()
        creative = Creative(
            self._new_id(),
            who.client_id,
            who.org_id,
            content,
            values.get("approval") or Policy(),
            who.actor_id,
            (who.actor_id,),
            created_at=now,
            updated_at=now,
        )
        return self._write(who, None, creative, values)

    def update(self, who: ClientContext, creative_id: str, values: Values, expected: int | None) -> Creative:
        """The next version, under review again. Raises CreativeNotFound, Forbidden, Invalid, PreconditionFailed."""
        creative = self.get(who.client_id, creative_id)
        require_version(expected, creative.version)
        creative.need_editable_by(who)
        content, policy = changed(creative.content, values), values.get("approval") or creative.policy
        after = creative.next_version(who.actor_id, content, policy, self._now())
        return self._write(who, creative, after, values)

    def delete(self, who: ClientContext, creative_id: str, expected: int | None) -> None:
        """Raises CreativeNotFound, Forbidden, PreconditionFailed."""
        creative = self.get(who.client_id, creative_id)
        require_version(expected, creative.version)
        creative.need_deletable_by(who)
        self._store.remove(creative, who.actor_id, [news.turned(creative, creative.cycle)])
        self._follow(creative.client_id, creative.id, creative.cycle)

    def decide(self, who: ClientContext, creative_id: str, ruling: Ruling, expected: int | None) -> Creative:
        """Raises CreativeNotFound, PreconditionFailed, and what `approval.decide` raises."""
        creative = self.get(who.client_id, creative_id)
        require_version(expected, creative.version)
        return self._decided(creative, who.actor_id, ruling, may_approve=who.role.covers(Role.ADMIN))

    def decide_by_link(self, client_id: str, link: ShareLink, ruling: Ruling) -> Creative:
        """On the version that they looked at, which is the one the link was sent for where they do not say.

        Raises CreativeNotFound, LinkUsed, and what `approval.decide` raises."""
        if link.decided_at is not None:
            raise LinkUsed
        creative = self.get(client_id, link.creative_id)
        ruling = replace(ruling, version=ruling.version or link.creative_version)
        return self._decided(creative, link.actor, ruling, may_approve=True, link=link)

    def _decided(
        self, creative: Creative, by: str, ruling: Ruling, *, may_approve: bool, link: ShareLink | None = None
    ) -> Creative:
        """Whoever decides at the same moment comes second, and is looked at again."""
        seen = ruling.version or creative.creative_version
        for left in reversed(range(_ATTEMPTS)):
            now = self._now()
            wanted = Decision(self._new_id(), by, now, ruling.verdict, seen, 0, ruling.reason, ruling.name)
            made = decide(creative.review, wanted, may_approve=may_approve)
            if made is None:
                return creative
            if len(creative.decisions) >= DECISIONS_AT_MOST:
                raise ReviewEnded(f"At most {DECISIONS_AT_MOST} decisions are kept of a creative")
            after, entry = creative.decided(made, now)
            used = replace(link, decided_at=now) if link else None
            try:
                return self._save(creative, after, Written(entry=entry, link=used), by)
            except PreconditionFailed:
                if not left:
                    raise
                creative = self.get(creative.client_id, creative.id)
        raise PreconditionFailed

    def _write(self, who: ClientContext, before: Creative | None, after: Creative, values: Values) -> Creative:
        """As a new version."""
        check_approvers(self._team, who, after.policy)
        after.policy.check(frozenset(after.authors))
        asset = self._file(after)
        if asset:
            after = after.showing(asset.id)
        if "due_date" in values:
            after = _due(after, values["due_date"], who.timezone)
        checks = preflight(after.content, asset)
        seal = digest(after.content, asset.sha256 if asset else None)
        after = replace(after, checks=checks, digest=seal)
        version = Version(after.creative_version, who.actor_id, after.updated_at, after.content, checks, seal)
        return self._save(before, after, Written(version=version), who.actor_id)

    def _save(self, before: Creative | None, after: Creative, written: Written, by: str) -> Creative:
        messages = news.messages_of(before, after, by, after.updated_at)
        if before and before.cycle != after.cycle:
            messages = [
                *messages,
                replace(news.turned(after, before.cycle), id=f"{after.id}-{after.version + 1}-ended"),
            ]
        saved = self._store.save(before, after, written, messages)
        self._follow(saved.client_id, saved.id, saved.cycle)
        return saved

    def _file(self, creative: Creative) -> Asset | None:
        """Raises Invalid for a file of another kind, MediaNotFound, MediaNotReady."""
        content = creative.content
        if content.media_id is None:
            return None
        asset = self._media(creative.client_id, content.media_id)
        asset.need_ready()
        families = _FAMILIES.get(content.type)
        if families and asset.mime.family not in families:
            raise Invalid.on("media_id", f"the file is {asset.mime.value}, and the creative a {content.type}", "type")
        return asset


def _due(creative: Creative, due_date: str | None, zone: str) -> Creative:
    if due_date is None:
        return replace(creative, due_date=None, due_at=None)
    due_at = due_moment(due_date, zone)
    shown = due_date if is_date(due_date) else due_at.isoformat()
    return replace(creative, due_date=shown, due_at=due_at, timezone=zone)
