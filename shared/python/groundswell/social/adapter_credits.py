"""What came of posts, counted beside them: clicks on their short links, and leads."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from groundswell.kernel.errors import DomainError
from groundswell.kernel.ids import can_be_id
from groundswell.social.adapter_links import clicks_key
from groundswell.social.model import PostNotFound
from groundswell.social.visits import Visits
from groundswell.storage.reading import get_rows
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Change, put_new_row, write


class AlreadyCounted(DomainError):
    """The post brought this lead before."""


def credit(client_id: str, post_id: str, lead_id: str) -> None:
    """Count the lead for the post, once however often it is told. The address of a page may name any post: what names
    none that is there counts nothing."""
    if not can_be_id(post_id):
        return
    pk = clicks_key(client_id, post_id)["pk"]
    row = {"pk": pk, "sk": {"S": f"LEAD#{_digest(lead_id)}"}, "kind": {"S": "social_lead"}}
    try:
        write([_need_post(pk), put_new_row("core", row, AlreadyCounted()), _one_more(client_id, post_id)])
    except (PostNotFound, AlreadyCounted):
        return


def visits_of(client_id: str, post_ids: Sequence[str]) -> dict[str, Visits]:
    """Of posts that anybody came by; one call for 100."""
    rows = get_rows("core", [clicks_key(client_id, post_id) for post_id in post_ids])
    return {row["pk"]["S"].rpartition("#")[2]: _visits(row) for row in rows}


def _visits(row: dict[str, Any]) -> Visits:
    names = (name for name in row if name.startswith("link_"))
    clicks = {int(name.removeprefix("link_")): int(row[name]["N"]) for name in names}
    return Visits(clicks, int(row["leads"]["N"]) if "leads" in row else 0)


def _need_post(pk: dict[str, str]) -> Change:
    operation = {
        "TableName": table_name("core"),
        "Key": {"pk": pk, "sk": {"S": "POST"}},
        "ConditionExpression": "attribute_exists(pk)",
    }
    return Change({"ConditionCheck": operation}, PostNotFound())


def _one_more(client_id: str, post_id: str) -> Change:
    operation = {
        "TableName": table_name("core"),
        "Key": clicks_key(client_id, post_id),
        "UpdateExpression": "ADD leads :one SET kind = :kind",
        "ExpressionAttributeValues": {":one": {"N": "1"}, ":kind": {"S": "social_clicks"}},
    }
    return Change({"Update": operation}, PostNotFound())


def _digest(lead_id: str) -> str:
    """It names nobody."""
    return sha256(lead_id.encode()).hexdigest()[:32]
