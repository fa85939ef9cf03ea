"""Deliveries as a file."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import Query, Response

from groundswell.campaigns.reporting import Record
from groundswell.http.envelope import Listed
from groundswell.kernel.clock import rfc3339
from groundswell.kernel.page import Page, Position
from groundswell.kernel.spreadsheet import table

MOST = 20_000
"""Records of one file: an answer has 6 MB at most."""
_TOGETHER = 1_000
_HEADINGS = (
    *("id", "campaign_id", "lead_id", "to", "variant", "state", "attempts", "reason", "provider_id", "at"),
    *("opened_at", "clicked", "bounce", "complained", "unsubscribed", "converted", "revenues"),
)
Format = Annotated[Literal["json", "csv"], Query(alias="format")]


def everything(read: Callable[[int, Position | None], Page[Record]], position: Position | None) -> Page[Record]:
    """From there on, as many as one file holds."""
    records: list[Record] = []
    while True:
        page = read(min(_TOGETHER, MOST - len(records)), position)
        records += page.items
        position = page.next
        if position is None or len(records) >= MOST:
            return Page(tuple(records), position)


def csv_file(records: Page[Record], following: Listed[Any], response: Response) -> Response:
    """`following` put the link to the next file into `response`."""
    named = {"content-disposition": 'attachment; filename="deliveries.csv"'}
    if following.meta.next_cursor:
        named["link"] = response.headers["link"]
    text = table([_HEADINGS, *map(_row, records.items)])
    return Response(text, media_type="text/csv; charset=utf-8", headers=named)


def _row(record: Record) -> list[str]:
    one = record.delivery
    opened = rfc3339(one.opened_at) if one.opened_at else ""
    marks = [str(bool(flag)).lower() for flag in (one.complained, one.unsubscribed, one.converted)]
    return [
        record.id,
        record.campaign_id,
        one.lead_id,
        one.to or "",
        record.variant or "",
        one.state.value,
        str(one.attempts),
        one.reason or "",
        one.provider_id or "",
        rfc3339(one.at) if one.at else "",
        opened,
        str(bool(one.people_clicks)).lower(),
        one.bounce or "",
        *marks,
        " ".join(f"{amount} {currency}" for currency, amount in one.revenues),
    ]
