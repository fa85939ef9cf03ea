"""Campaigns and templates in DynamoDB (how they lie there: `items`)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.campaigns.content import Content
from groundswell.campaigns.events import SENT, campaign_event
from groundswell.campaigns.items import (
    LISTING,
    CampaignItem,
    TemplateItem,
    campaign_item,
    campaign_pk,
    entry,
    letters_of,
    letters_row,
    selection,
    tally,
    template_item,
    templates_pk,
)
from groundswell.campaigns.messages import SWEEP_TIMER
from groundswell.campaigns.model import Bodies, Campaign, Channel, Status, Wanted
from groundswell.campaigns.templates import Template
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.message import Message
from groundswell.kernel.page import CountedPage, Page, Position
from groundswell.schedules.store import cancel_timer, set_timer
from groundswell.schedules.timers import Timer
from groundswell.storage.listing import Selection, tallied
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import find, get_rows, list_page
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Change, delete, delete_row, put, put_row, write

_NAMED_AT_MOST = 10
type Row = dict[str, Any]


def key(pk: str, sk: str) -> Row:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


class DynamoCampaignStore:
    def find(self, client_id: str, campaign_id: str) -> Campaign | None:
        return find(Campaign, CampaignItem, campaign_pk(client_id, campaign_id), "CAMPAIGN")

    def bodies(self, client_id: str, campaign_id: str) -> Bodies:
        rows = get_rows("core", [key(campaign_pk(client_id, campaign_id), "BODIES")])
        return Bodies(letters_of(next(iter(rows), None)))

    def page(self, client_id: str, wanted: Wanted, limit: int, position: Position | None) -> CountedPage[Campaign]:
        """A Query for each view, and a BatchGetItem."""
        ids = LISTING.page(client_id, selection(wanted), limit, position)
        keys = [key(campaign_pk(client_id, campaign_id), "CAMPAIGN") for campaign_id in ids.items]
        rows = get_rows("core", [*keys, LISTING.tally_key(client_id, "client")])
        kept = [CampaignItem.from_raw_data(row) for row in rows if row["kind"]["S"] == "campaign"]
        campaigns = {item.id: from_item(Campaign, item) for item in kept}
        listed = tuple(campaigns[campaign_id] for campaign_id in ids.items if campaign_id in campaigns)
        return CountedPage(Page(listed, ids.next), _total(wanted, rows))

    def save(
        self,
        before: Campaign | None,
        after: Campaign,
        *,
        bodies: Bodies | None = None,
        messages: Sequence[Message] = (),
        timers: Sequence[Timer] = (),
        cancelled: Sequence[str] = (),
        more: Sequence[Change] = (),
    ) -> Campaign:
        """`cancelled` are kinds of timers. Raises PreconditionFailed if someone else wrote first."""
        item = campaign_item(after)
        rows = LISTING.changes(after.client_id, entry(before) if before else None, entry(after))
        body_rows = [_bodies(after, bodies)] if bodies is not None else []
        timed = [*(cancel_timer(after.client_id, kind, after.id) for kind in cancelled), *map(set_timer, timers)]
        write([put(item), *rows, *body_rows, *timed, *more], messages)
        return replace(after, version=int(item.version or 0))

    def begin(
        self,
        before: Campaign | None,
        after: Campaign,
        content: Content | None,
        *,
        messages: Sequence[Message] = (),
        timers: Sequence[Timer] = (),
        cancelled: Sequence[str] = (),
        reopened: bool = False,
    ) -> Campaign:
        """With what is sent from now on, where it is given. `reopened`: its plan is not done any more."""
        row = [_content(after, content)] if content else []
        row += [plan_done(after.client_id, after.id, done=False)] if reopened else []
        return self.save(before, after, messages=messages, timers=timers, cancelled=cancelled, more=row)

    def content(self, client_id: str, campaign_id: str) -> Content:
        rows = get_rows("core", [key(campaign_pk(client_id, campaign_id), "CONTENT")])
        return Content(letters_of(next(iter(rows), None)))

    def finish(self, before: Campaign, after: Campaign) -> Campaign:
        message = campaign_event(after, SENT, after.updated_at)
        return self.save(before, after, messages=[message], cancelled=(SWEEP_TIMER,))

    def close_plan(self, campaign: Campaign) -> None:
        write([plan_done(campaign.client_id, campaign.id, done=True)])

    def say(self, message: Message) -> None:
        write([], [message])

    def watch(self, timer: Timer) -> None:
        write([set_timer(timer)])

    def remove(self, campaign: Campaign, noted: Entry, messages: Sequence[Message]) -> None:
        pk = campaign_pk(campaign.client_id, campaign.id)
        rows = LISTING.changes(campaign.client_id, entry(campaign), None)
        write([delete(campaign_item(campaign)), delete_row("core", key(pk, "BODIES")), *rows, note(noted)], messages)


def _total(wanted: Wanted, rows: Sequence[Mapping[str, Any]]) -> int | None:
    """Texts are not counted."""
    if wanted.text:
        return None
    channels, statuses = wanted.channels or tuple(Channel), wanted.statuses or tuple(Status)
    return tallied(rows, {tally(channel, status) for channel in channels for status in statuses})


def plan_done(client_id: str, campaign_id: str, *, done: bool) -> Change:
    operation = {
        "TableName": table_name("core"),
        "Key": key(campaign_pk(client_id, campaign_id), "PLAN"),
        "UpdateExpression": "SET done = :done",
        "ConditionExpression": "attribute_exists(pk)",
        "ExpressionAttributeValues": {":done": {"BOOL": done}},
    }
    return Change({"Update": operation}, PreconditionFailed())


def _content(campaign: Campaign, content: Content) -> Change:
    pk = campaign_pk(campaign.client_id, campaign.id)
    return put_row("core", letters_row(pk, "CONTENT", "campaign_content", content.letters))


def _bodies(campaign: Campaign, bodies: Bodies) -> Change:
    pk = campaign_pk(campaign.client_id, campaign.id)
    if not bodies.letters:
        return delete_row("core", key(pk, "BODIES"))
    return put_row("core", letters_row(pk, "BODIES", "campaign_bodies", bodies.letters))


class DynamoTemplateStore:
    def find(self, client_id: str, template_id: str) -> Template | None:
        keys = _template_keys(client_id, template_id)
        rows = {row["kind"]["S"]: row for row in get_rows("core", keys)}
        if "template" not in rows:
            return None
        head = from_item(Template, TemplateItem.from_raw_data(rows["template"]))
        return replace(head, letters=letters_of(rows.get("template_letters")))

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[Template]:
        return list_page(
            Template, TemplateItem, templates_pk(client_id), "TEMPLATE", limit, position, newest_first=True
        )

    def save(self, template: Template) -> Template:
        item = template_item(template)
        letters = letters_row(item.pk, f"LETTERS#{template.id}", "template_letters", template.letters)
        write([put(item), put_row("core", letters)])
        return replace(template, version=int(item.version or 0))

    def remove(self, template: Template, noted: Entry) -> None:
        letters = _template_keys(template.client_id, template.id)[1]
        write([delete(template_item(template)), delete_row("core", letters), note(noted)])

    def used_by(self, client_id: str, template_id: str) -> tuple[str, ...]:
        """Those that would still read it: what is under way has its own copy."""
        return campaigns_with(client_id, "template", template_id, (Status.DRAFT, Status.SCHEDULED))


def campaigns_with(client_id: str, fact: str, value: str, statuses: Sequence[Status]) -> tuple[str, ...]:
    """Ids of a few of those that have it and are in one of the states."""
    states = tuple(status.value for status in statuses)
    wanted = Selection(("all",), "created_at", facts={fact: (value,), "status": states})
    return LISTING.page(client_id, wanted, _NAMED_AT_MOST, None).items


def _template_keys(client_id: str, template_id: str) -> tuple[Row, Row]:
    pk = templates_pk(client_id)
    return key(pk, f"TEMPLATE#{template_id}"), key(pk, f"LETTERS#{template_id}")
