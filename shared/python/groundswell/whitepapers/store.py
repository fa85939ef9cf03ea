"""Whitepapers in DynamoDB (how they lie there: `items`)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.message import Message
from groundswell.kernel.page import Page, Position
from groundswell.media.adapter_uses import unuse, use
from groundswell.media.model import Use
from groundswell.storage.deletion import delete_partition
from groundswell.storage.reading import find, get_rows, list_page
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Change, delete, put, put_row, write
from groundswell.whitepapers.items import (
    PREFIX,
    DownloadItem,
    WhitepaperItem,
    download_item,
    downloads_pk,
    reader_sk,
    readers_pk,
    whitepaper_item,
    whitepaper_pk,
)
from groundswell.whitepapers.model import Counts, Download, Whitepaper


class DynamoWhitepaperStore:
    def find(self, whitepaper_id: str) -> Whitepaper | None:
        return find(Whitepaper, WhitepaperItem, whitepaper_pk(whitepaper_id), PREFIX)

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[Whitepaper]:
        """Newest first."""
        owner = f"CLIENT#{client_id}"
        return list_page(Whitepaper, WhitepaperItem, owner, PREFIX, limit, position, newest_first=True)

    def save(self, before: Whitepaper | None, after: Whitepaper) -> Whitepaper:
        """Raises PreconditionFailed, MediaNotFound."""
        item = whitepaper_item(after)
        write([put(item), *_used(before.media_id if before else None, after)])
        return replace(after, version=int(item.version or 0))

    def remove(self, paper: Whitepaper, noted: Entry) -> None:
        """With what it says of who got it. Raises PreconditionFailed."""
        write([delete(whitepaper_item(paper)), *_used(paper.media_id, replace(paper, media_id=None)), note(noted)])
        for _ in delete_partition("core", downloads_pk(paper.client_id, paper.id)):
            pass

    def counts(self, papers: Sequence[Whitepaper]) -> dict[str, Counts]:
        """By whitepaper."""
        rows = get_rows("core", [_count_key(paper) for paper in papers])
        return {row["pk"]["S"].rpartition("#")[2]: _counts(row) for row in rows}

    def download(self, paper: Whitepaper, download_id: str) -> Download | None:
        return find(Download, DownloadItem, downloads_pk(paper.client_id, paper.id), f"BY#{download_id}")

    def downloads(self, paper: Whitepaper, limit: int, position: Position | None) -> Page[Download]:
        """Newest first."""
        pk = downloads_pk(paper.client_id, paper.id)
        return list_page(Download, DownloadItem, pk, "BY", limit, position, newest_first=True)

    def reader(self, client_id: str, email: str) -> dict[str, str]:
        """What the address has said of itself, by field."""
        key = {"pk": {"S": readers_pk(client_id)}, "sk": {"S": reader_sk(email)}}
        row = next(iter(get_rows("core", [key])), {})
        return {name: row[name]["S"] for name in ("name", "company") if name in row}

    def note(
        self,
        paper: Whitepaper,
        after: Download | None,
        reader: dict[str, str],
        counts: Counts,
        messages: Sequence[Message],
    ) -> Download | None:
        """What somebody asked for or fetched, counted; of nobody in particular the count alone. Raises
        PreconditionFailed if someone else wrote first."""
        if after is None:
            write([_count(paper, counts)], messages)
            return None
        item = download_item(after)
        known = {name: {"S": value} for name, value in reader.items()}
        row = {"pk": {"S": readers_pk(paper.client_id)}, "sk": {"S": reader_sk(after.email)}, "kind": {"S": "reader"}}
        rows = [put_row("core", {**row, **known})] if known else []
        counted = [_count(paper, counts)] if counts != Counts() else []
        write([put(item), *counted, *rows], messages)
        return replace(after, version=int(item.version or 0))

    def forget(self, download: Download) -> None:
        """Counts stay: they name nobody."""
        key = {"pk": {"S": readers_pk(download.client_id)}, "sk": {"S": reader_sk(download.email)}}
        gone = Change({"Delete": {"TableName": table_name("core"), "Key": key}}, PreconditionFailed())
        write([delete(download_item(download)), gone])


def _used(media_before: str | None, after: Whitepaper) -> list[Change]:
    if media_before == after.media_id:
        return []
    where = Use("whitepaper", after.id)
    gone = [unuse(after.client_id, media_before, where)] if media_before else []
    return [*gone, *([use(after.client_id, after.media_id, where)] if after.media_id else [])]


def _count_key(paper: Whitepaper) -> dict[str, Any]:
    return {"pk": {"S": downloads_pk(paper.client_id, paper.id)}, "sk": {"S": "COUNT"}}


def _count(paper: Whitepaper, counts: Counts) -> Change:
    operation = {
        "TableName": table_name("core"),
        "Key": _count_key(paper),
        "UpdateExpression": "SET kind = :kind ADD requests :requests, downloads :downloads",
        "ExpressionAttributeValues": {
            ":kind": {"S": "download_count"},
            ":requests": {"N": str(counts.requests)},
            ":downloads": {"N": str(counts.downloads)},
        },
    }
    return Change({"Update": operation}, PreconditionFailed())


def _counts(row: dict[str, Any]) -> Counts:
    return Counts(_number(row, "requests"), _number(row, "downloads"))


def _number(row: dict[str, Any], name: str) -> int:
    return int(row[name]["N"]) if name in row else 0
