"""Short links in the core table, as the public page reads them: it knows of posts no more than this."""

from dataclasses import dataclass
from typing import Any

from groundswell.links.model import LinkUnknown
from groundswell.social.model import Network
from groundswell.storage.client import dynamodb
from groundswell.storage.reading import get_rows
from groundswell.storage.settings import table_name


@dataclass(frozen=True)
class KnownLink:
    client_id: str
    post_id: str
    network: Network
    number: int
    url: str


def link_key(code: str) -> dict[str, Any]:
    return {"pk": {"S": f"SHORTLINK#{code}"}, "sk": {"S": "LINK"}}


def link_row(code: str, link: KnownLink) -> dict[str, Any]:
    return {
        **link_key(code),
        "kind": {"S": "social_link"},
        "client_id": {"S": link.client_id},
        "post_id": {"S": link.post_id},
        "network": {"S": link.network.value},
        "number": {"N": str(link.number)},
        "url": {"S": link.url},
    }


def clicks_key(client_id: str, post_id: str) -> dict[str, Any]:
    """Of how often each link of a post was followed, by its number."""
    return {"pk": {"S": f"SOCIALPOST#{client_id}#{post_id}"}, "sk": {"S": "CLICKS"}}


def find_link(code: str) -> KnownLink:
    """Raises LinkUnknown."""
    rows = get_rows("core", [link_key(code)])
    if not rows:
        raise LinkUnknown
    row = rows[0]
    return KnownLink(
        row["client_id"]["S"],
        row["post_id"]["S"],
        Network(row["network"]["S"]),
        int(row["number"]["N"]),
        row["url"]["S"],
    )


def count_click(link: KnownLink) -> None:
    dynamodb().update_item(
        TableName=table_name("core"),
        Key=clicks_key(link.client_id, link.post_id),
        UpdateExpression="ADD #link :one SET kind = :kind",
        ExpressionAttributeNames={"#link": f"link_{link.number}"},
        ExpressionAttributeValues={":one": {"N": "1"}, ":kind": {"S": "social_clicks"}},
    )
