"""What people do with campaigns before these start: make, change, look at and delete them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from groundswell.access.model import ClientContext
from groundswell.approval.approvals import under
from groundswell.approval.model import Policy
from groundswell.audit.model import Entry
from groundswell.campaigns.audience import Audiences
from groundswell.campaigns.letters import Letter
from groundswell.campaigns.messages import START_TIMER, removal, start_timer
from groundswell.campaigns.model import (
    Audience,
    Bodies,
    Campaign,
    CampaignActive,
    CampaignNotFound,
    Channel,
    Status,
    Variant,
    Wanted,
)
from groundswell.campaigns.reviewed import revised, with_template
from groundswell.campaigns.templates import Template, check_letters, edited_letter
from groundswell.kernel.errors import FieldProblem, Invalid, require_version
from groundswell.kernel.ids import can_be_id
from groundswell.kernel.message import Message
from groundswell.kernel.page import CountedPage, Position
from groundswell.schedules.timers import Timer

_PLAIN = (
    "name",
    "subject",
    "sender",
    "reply_to",
    "message",
    "bot_id",
    "fallback",
    "audience",
    "schedule",
    "rules",
    "ab",
)
_CLEARED = {"audience", "rules"}
"""Null takes these back to what they are by default."""


class CampaignStore(Protocol):
    def find(self, client_id: str, campaign_id: str) -> Campaign | None: ...

    def bodies(self, client_id: str, campaign_id: str) -> Bodies: ...

    def page(self, client_id: str, wanted: Wanted, limit: int, position: Position | None) -> CountedPage[Campaign]: ...

    def save(
        self,
        before: Campaign | None,
        after: Campaign,
        *,
        bodies: Bodies | None = None,
        timers: Sequence[Timer] = (),
        cancelled: Sequence[str] = (),
    ) -> Campaign:
        """Raises PreconditionFailed if someone else wrote first."""

    def remove(self, campaign: Campaign, noted: Entry, messages: Sequence[Message]) -> None: ...


class Templates(Protocol):
    def get(self, client_id: str, template_id: str) -> Template:
        """Raises TemplateNotFound."""
        ...


class CampaignService:
    def __init__(
        self,
        store: CampaignStore,
        templates: Templates,
        audiences: Audiences,
        to_html: Callable[[str, str], str],
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._templates = templates
        self._audiences = audiences
        self._to_html = to_html
        self._now = now
        self._new_id = new_id

    def create(self, acting: ClientContext, channel: Channel, values: Mapping[str, Any]) -> tuple[Campaign, Bodies]:
        """Raises Invalid, TemplateNotFound."""
        now = self._now()
        blank = Campaign(
            self._new_id(), acting.client_id, acting.org_id, values["name"], channel, acting.actor_id, now, now
        )
        campaign, bodies = self._edited(blank, Bodies(), values)
        return self._store.save(None, campaign, bodies=bodies), bodies

    def page(self, client_id: str, wanted: Wanted, limit: int, position: Position | None) -> CountedPage[Campaign]:
        return self._store.page(client_id, wanted, limit, position)

    def get(self, client_id: str, campaign_id: str, channel: Channel | None = None) -> Campaign:
        """Raises CampaignNotFound, also for one of another channel than the path speaks of."""
        campaign = self._store.find(client_id, campaign_id) if can_be_id(campaign_id) else None
        if campaign is None or channel not in (None, campaign.channel):
            raise CampaignNotFound
        return campaign

    def whole(self, client_id: str, campaign_id: str, channel: Channel | None = None) -> tuple[Campaign, Bodies]:
        """Raises CampaignNotFound."""
        campaign = self.get(client_id, campaign_id, channel)
        return campaign, self._store.bodies(client_id, campaign_id)

    def bodies(self, campaign: Campaign) -> Bodies:
        return self._store.bodies(campaign.client_id, campaign.id)

    def update(
        self,
        acting: ClientContext,
        campaign_id: str,
        values: Mapping[str, Any],
        expected: int | None,
        channel: Channel | None = None,
    ) -> tuple[Campaign, Bodies]:
        """Raises CampaignNotFound, CampaignLocked, Invalid, TemplateNotFound, PreconditionFailed."""
        campaign, bodies = self.whole(acting.client_id, campaign_id, channel)
        require_version(expected, campaign.version)
        campaign.need_editable()
        changed, content = self._edited(revised(campaign, acting.actor_id), bodies, values)
        moved = changed.schedule != campaign.schedule or changed.approval is not None
        if campaign.status is Status.SCHEDULED and moved:
            return self._put_off(campaign, changed, content), content
        return self._store.save(campaign, changed, bodies=content), content

    def _put_off(self, before: Campaign, changed: Campaign, bodies: Bodies) -> Campaign:
        """A scheduled one has another time; without any, or where somebody has to approve it, it is a draft again."""
        if changed.schedule is None or changed.approval:
            draft = replace(changed, status=Status.DRAFT, job_id=None, queued=0)
            return self._store.save(before, draft, bodies=bodies, cancelled=(START_TIMER,))
        return self._store.save(before, changed, bodies=bodies, timers=[start_timer(changed, changed.schedule.begins)])

    def delete(
        self, acting: ClientContext, campaign_id: str, expected: int | None, channel: Channel | None = None
    ) -> None:
        """With its deliveries. Raises CampaignNotFound, CampaignActive, PreconditionFailed."""
        campaign = self.get(acting.client_id, campaign_id, channel)
        require_version(expected, campaign.version)
        if campaign.status.active:
            raise CampaignActive
        details = {"client": acting.client_id, "name": campaign.name}
        noted = Entry(acting.org_id, "campaign.deleted", acting.actor_id, f"campaign:{campaign.id}", details)
        self._store.remove(campaign, noted, [removal(campaign)])

    def _edited(self, campaign: Campaign, bodies: Bodies, values: Mapping[str, Any]) -> tuple[Campaign, Bodies]:
        plain = {name: values[name] for name in _PLAIN if name in values}
        blank = {name: type(getattr(campaign, name))() for name in _CLEARED if plain.get(name, ...) is None}
        changed = replace(campaign, **plain | blank, updated_at=self._now())
        if "template_id" in values:
            changed = replace(changed, template_id=self._template(changed, values["template_id"]))
        changed = self._under_review(changed, values)
        if changed.audience != campaign.audience and changed.audience != Audience():
            self._audiences.check(changed.client_id, changed.audience)
        letters = self._letters(bodies, values)
        if "variants" in values:
            listed = values["variants"] or ()
            changed = replace(changed, variants=tuple(Variant(v["name"], v["weight"], v["subject"]) for v in listed))
        self._check(changed, letters)
        return changed, Bodies(letters)

    def _under_review(self, campaign: Campaign, values: Mapping[str, Any]) -> Campaign:
        """With who has to approve it, and the template as they will see it. Raises Invalid for what could never be
        approved."""
        if "approval" in values:
            policy: Policy | None = values["approval"]
            campaign = replace(campaign, approval=under(policy, campaign.approval, campaign.authors))
        return with_template(campaign, self._templates.get)

    def _template(self, campaign: Campaign, template_id: str | None) -> str | None:
        return self._templates.get(campaign.client_id, template_id).id if template_id else None

    def _letters(self, bodies: Bodies, values: Mapping[str, Any]) -> dict[str, Letter]:
        letters = dict(bodies.letters)
        if "body" in values:
            own = values["body"]
            letters.pop("", None)
            if own:
                letters[""] = edited_letter(Letter(), own, "body.", self._to_html)
        if "variants" in values:
            letters = {name: letter for name, letter in letters.items() if not name}
            for number, variant in enumerate(values["variants"] or ()):
                if variant["body"]:
                    field = f"variants.{number}.body."
                    letters[variant["name"]] = edited_letter(Letter(), variant["body"], field, self._to_html)
        for name, letter in letters.items():
            check_letters({"": letter}, "body" if not name else f"variants.{name}.body")
        return letters

    @staticmethod
    def _check(campaign: Campaign, letters: Mapping[str, Letter]) -> None:
        problems = []
        if campaign.template_id and "" in letters:
            problems.append(FieldProblem("body", "both", "either a template or a body"))
        if campaign.channel is Channel.TELEGRAM and (letters or campaign.template_id):
            problems.append(FieldProblem("message", "channel", "a Telegram campaign has a message"))
        if campaign.channel is Channel.EMAIL and campaign.message:
            problems.append(FieldProblem("message", "channel", "an e-mail campaign has a template or a body"))
        if campaign.channel is Channel.TELEGRAM and campaign.fallback:
            problems.append(FieldProblem("fallback", "channel", "an e-mail campaign falls back to Telegram"))
        if campaign.ab and len(campaign.variants) < 2:
            problems.append(FieldProblem("ab", "variants", "an experiment needs two variants"))
        if len({variant.name for variant in campaign.variants}) < len(campaign.variants):
            problems.append(FieldProblem("variants", "unique", "names of variants differ"))
        if problems:
            raise Invalid(problems=tuple(problems))
