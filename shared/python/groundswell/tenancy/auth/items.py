"""How accounts lie in the core table.

| pk | sk | gsi1pk, gsi1sk | what |
|---|---|---|---|
| `USER#<id>` | `USER` | `ORG#<org>`, `USER#<id>` | user |
| `EMAIL#<address>` | `EMAIL` | | credential; its key makes the address unique |
| `LINK#<token hash>` | `LINK` | | one-purpose mailed token, gone some time after its end |
| `LINKS#<address hash>` | `<purpose>` | | the token that was sent when a new link was asked for: the only good one |
"""

from typing import Any

from pynamodb.attributes import BooleanAttribute, JSONAttribute, UnicodeAttribute, UTCDateTimeAttribute

from groundswell.kernel.ids import hash_secret
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import to_item
from groundswell.tenancy.auth.model import Credential, Link, Purpose, User

_KEPT_AFTER_END = 24 * 3600
_NEWEST_KEPT_AFTER_END = 3 * 24 * 3600


class UserItem(CoreItem):
    id = UnicodeAttribute()
    org_id = UnicodeAttribute()
    email = UnicodeAttribute()
    first_name = UnicodeAttribute()
    last_name = UnicodeAttribute()
    role = UnicodeAttribute()
    is_verified = BooleanAttribute()
    is_active = BooleanAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    preferences = JSONAttribute()
    last_login = UTCDateTimeAttribute(null=True)
    added_by = UnicodeAttribute(null=True)


class CredentialItem(CoreItem):
    email = UnicodeAttribute()
    user_id = UnicodeAttribute()
    password_hash = UnicodeAttribute()


class LinkItem(CoreItem):
    token_hash = UnicodeAttribute()
    purpose = UnicodeAttribute()
    user_id = UnicodeAttribute()
    email = UnicodeAttribute()
    ends_at = UTCDateTimeAttribute()
    used_at = UTCDateTimeAttribute(null=True)
    password_hash = UnicodeAttribute(null=True)


def user_item(user: User) -> UserItem:
    keys = {"gsi1pk": f"ORG#{user.org_id}", "gsi1sk": f"USER#{user.id}"}
    return to_item(UserItem, user, f"USER#{user.id}", "USER", kind="user", **keys)


def credential_item(credential: Credential) -> CredentialItem:
    return to_item(CredentialItem, credential, f"EMAIL#{credential.email}", "EMAIL", kind="credential")


def tries_key(email: str, lane: str) -> dict[str, Any]:
    """Of failures in a row, in the ephemeral table."""
    return {"pk": {"S": f"FAILURES#{email}"}, "sk": {"S": lane}}


def newest_key(email: str, purpose: Purpose) -> dict[str, Any]:
    return {"pk": {"S": f"LINKS#{hash_secret(email)}"}, "sk": {"S": purpose.value}}


def newest_row(email: str, link: Link) -> dict[str, Any]:
    """Outlives every link before it, of which some are good for two days."""
    kept = str(int(link.ends_at.timestamp()) + _NEWEST_KEPT_AFTER_END)
    attributes = {"token_hash": {"S": link.token_hash}, "expires_at": {"N": kept}, "kind": {"S": "newest_link"}}
    return newest_key(email, link.purpose) | attributes


def link_item(link: Link) -> LinkItem:
    expires = int(link.ends_at.timestamp()) + _KEPT_AFTER_END
    return to_item(LinkItem, link, f"LINK#{link.token_hash}", "LINK", kind="link", expires_at=expires)
