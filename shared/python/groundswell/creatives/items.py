"""How creatives lie in the core table: `CREATIVE#<client>#<id>`, listed as `CREATIVE#<id>`.

| sk | |
|---|---|
| `CREATIVE` | the creative, with its decisions |
| `V#<number>` | a version, written once |
| `D#<number>` | a decision, written once: the log, each entry sealed with the one before |
| `C#<id>` | a comment |
| `L#<id>` | a link |
"""

from typing import Any

from pynamodb.attributes import (
    JSONAttribute,
    ListAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
)

from groundswell.creatives.model import Comment, Creative, LogEntry, ShareLink, Version
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import to_item

LISTED = "CREATIVE"


class CreativeItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    org_id = UnicodeAttribute()
    content = JSONAttribute()
    policy = JSONAttribute()
    submitted_by = UnicodeAttribute()
    authors: ListAttribute[Any] = ListAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    creative_version = NumberAttribute()
    cycle = NumberAttribute()
    checks = JSONAttribute()
    decisions = JSONAttribute()
    due_date = UnicodeAttribute(null=True)
    due_at = UTCDateTimeAttribute(null=True)
    timezone = UnicodeAttribute()
    media_ids: ListAttribute[Any] = ListAttribute()
    digest = UnicodeAttribute()
    log_seal = UnicodeAttribute()


class VersionItem(CoreItem):
    number = NumberAttribute()
    by = UnicodeAttribute()
    at = UTCDateTimeAttribute()
    content = JSONAttribute()
    checks = JSONAttribute()
    digest = UnicodeAttribute()


class LogItem(CoreItem):
    number = NumberAttribute()
    entry = UnicodeAttribute()
    seal = UnicodeAttribute()


class CommentItem(CoreItem):
    id = UnicodeAttribute()
    by = UnicodeAttribute()
    at = UTCDateTimeAttribute()
    text = UnicodeAttribute()
    creative_version = NumberAttribute()
    region = JSONAttribute(null=True)
    page = NumberAttribute(null=True)
    timecode = NumberAttribute(null=True)
    name = UnicodeAttribute(null=True)
    resolved_at = UTCDateTimeAttribute(null=True)
    resolved_by = UnicodeAttribute(null=True)


class LinkItem(CoreItem):
    id = UnicodeAttribute()
    creative_id = UnicodeAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    ends_at = UTCDateTimeAttribute()
    creative_version = NumberAttribute(null=True)
    decided_at = UTCDateTimeAttribute(null=True)
    revoked_at = UTCDateTimeAttribute(null=True)


def creative_pk(client_id: str, creative_id: str) -> str:
    return f"CREATIVE#{client_id}#{creative_id}"


def creative_item(creative: Creative) -> CreativeItem:
    listed = {"gsi1pk": f"CLIENT#{creative.client_id}", "gsi1sk": f"{LISTED}#{creative.id}"}
    pk = creative_pk(creative.client_id, creative.id)
    return to_item(CreativeItem, creative, pk, "CREATIVE", kind="creative", **listed)


def version_item(creative: Creative, version: Version) -> VersionItem:
    pk = creative_pk(creative.client_id, creative.id)
    return to_item(VersionItem, version, pk, f"V#{version.number:06d}", kind="creative_version")


def comment_item(client_id: str, creative_id: str, comment: Comment) -> CommentItem:
    pk = creative_pk(client_id, creative_id)
    return to_item(CommentItem, comment, pk, f"C#{comment.id}", kind="creative_comment")


def log_item(creative: Creative, entry: LogEntry) -> LogItem:
    pk = creative_pk(creative.client_id, creative.id)
    return to_item(LogItem, entry, pk, f"D#{entry.number:06d}", kind="creative_decision")


def link_item(client_id: str, link: ShareLink) -> LinkItem:
    pk = creative_pk(client_id, link.creative_id)
    return to_item(LinkItem, link, pk, f"L#{link.id}", kind="creative_link")
