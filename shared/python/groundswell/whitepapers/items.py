"""How whitepapers lie in the core table.

| pk | sk | gsi1pk, gsi1sk | what |
|---|---|---|---|
| `WHITEPAPER#<id>` | `WHITEPAPER` | `CLIENT#<client>`, `WHITEPAPER#<id>` | whitepaper |
| `DOWNLOADS#<client>#<id>` | `BY#<id>` | `DOWNLOADS#<client>#<id>`, `BY#<created at>#<id>` | what an address got |
| `DOWNLOADS#<client>#<id>` | `COUNT` | | how many asked for it and fetched it |
| `READERS#<client>` | `<digest of e-mail>` | | what an address said of itself: it is not asked again |
"""

from hashlib import sha256

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    ListAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
)

from groundswell.kernel.clock import rfc3339
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import to_item
from groundswell.whitepapers.model import Download, Whitepaper

PREFIX = "WHITEPAPER"


class WhitepaperItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    title = UnicodeAttribute()
    description = UnicodeAttribute(null=True)
    media_id = UnicodeAttribute(null=True)
    gated = BooleanAttribute()
    delivery = UnicodeAttribute()
    required_fields = ListAttribute(of=UnicodeAttribute, default=list)
    consent_text = UnicodeAttribute(null=True)
    status = UnicodeAttribute()
    file_version = NumberAttribute()


class DownloadItem(CoreItem):
    id = UnicodeAttribute()
    whitepaper_id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    email = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    name = UnicodeAttribute(null=True)
    company = UnicodeAttribute(null=True)
    locale = UnicodeAttribute(null=True)
    agreement = JSONAttribute(null=True)
    attribution = JSONAttribute(default=dict)
    file_version = NumberAttribute()
    requests = NumberAttribute()
    downloads = NumberAttribute()
    downloaded_at = UTCDateTimeAttribute(null=True)
    verified_at = UTCDateTimeAttribute(null=True)
    lead_id = UnicodeAttribute(null=True)


def whitepaper_pk(whitepaper_id: str) -> str:
    return f"WHITEPAPER#{whitepaper_id}"


def downloads_pk(client_id: str, whitepaper_id: str) -> str:
    return f"DOWNLOADS#{client_id}#{whitepaper_id}"


def readers_pk(client_id: str) -> str:
    return f"READERS#{client_id}"


def reader_sk(email: str) -> str:
    return sha256(email.encode()).hexdigest()[:32]


def whitepaper_item(paper: Whitepaper) -> WhitepaperItem:
    keys = {"gsi1pk": f"CLIENT#{paper.client_id}", "gsi1sk": whitepaper_pk(paper.id)}
    return to_item(WhitepaperItem, paper, whitepaper_pk(paper.id), PREFIX, kind="whitepaper", **keys)


def download_item(download: Download) -> DownloadItem:
    pk = downloads_pk(download.client_id, download.whitepaper_id)
    keys = {"gsi1pk": pk, "gsi1sk": f"BY#{rfc3339(download.created_at)}#{download.id}"}
    return to_item(DownloadItem, download, pk, f"BY#{download.id}", kind="download", **keys)
