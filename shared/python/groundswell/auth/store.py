"""Accounts in the core table."""

from dataclasses import replace
from typing import Any

from botocore.exceptions import ClientError

from groundswell.auth.items import CredentialItem, LinkItem, UserItem, credential_item, link_item, user_item
from groundswell.auth.model import Credential, EmailTaken, Link, LinkUsed, User
from groundswell.clients.items import client_item, membership_item, organization_item
from groundswell.clients.model import Client, Membership, Organization
from groundswell.kernel.message import Message
from groundswell.storage.client import dynamodb
from groundswell.storage.core import connect, put, write
from groundswell.storage.mapper import from_item
from groundswell.storage.settings import table_name

_FAILURES_KEPT = 3600


class DynamoAccountStore:
    def find(self, user_id: str) -> User | None:
        connect()
        try:
            return from_item(User, UserItem.get(f"USER#{user_id}", "USER", consistent_read=True))
        except UserItem.DoesNotExist:
            return None

    def credential(self, email: str) -> Credential | None:
        connect()
        try:
            return from_item(Credential, CredentialItem.get(f"EMAIL#{email}", "EMAIL", consistent_read=True))
        except CredentialItem.DoesNotExist:
            return None

    def found(
        self,
        user: User,
        credential: Credential,
        organization: Organization,
        client: Client,
        membership: Membership,
        link: Link,
        say: Message,
    ) -> User:
        item = user_item(user)
        changes = [
            put(credential_item(credential), EmailTaken()),
            put(item),
            put(organization_item(organization)),
            put(client_item(client)),
            put(membership_item(membership)),
            put(link_item(link)),
        ]
        write(changes, [say])
        return replace(user, version=item.version)

    def join(self, user: User, credential: Credential, link: Link, say: Message) -> User:
        item = user_item(user)
        write([put(credential_item(credential), EmailTaken()), put(item), put(link_item(link))], [say])
        return replace(user, version=item.version)

    def save(self, user: User) -> User:
        item = user_item(user)
        write([put(item)])
        return replace(user, version=item.version)

    def link(self, token_hash: str) -> Link | None:
        connect()
        try:
            return from_item(Link, LinkItem.get(f"LINK#{token_hash}", "LINK", consistent_read=True))
        except LinkItem.DoesNotExist:
            return None

    def add_link(self, link: Link, say: Message) -> None:
        write([put(link_item(link))], [say])

    def verify(self, user: User, link: Link) -> None:
        write([put(link_item(link), LinkUsed()), put(user_item(user))])

    def reset(self, user: User, credential: Credential, link: Link) -> None:
        write([put(link_item(link), LinkUsed()), put(credential_item(credential)), put(user_item(user))])

    def save_credential(self, credential: Credential) -> None:
        write([put(credential_item(credential))])


class DynamoSignInStore:
    """What a sign-in looks up: the credential and the failures counted against the address, in one BatchGetItem."""

    def look_up(self, email: str) -> tuple[Credential | None, int, int]:
        """(credential, failures in a row, epoch ms of the last one)."""
        core, ephemeral = table_name("core"), table_name("ephemeral")
        answer = dynamodb().batch_get_item(
            RequestItems={
                core: {"Keys": [{"pk": {"S": f"EMAIL#{email}"}, "sk": {"S": "EMAIL"}}], "ConsistentRead": True},
                ephemeral: {"Keys": [_failures_key(email)], "ConsistentRead": True},
            }
        )
        if answer.get("UnprocessedKeys"):
            raise ClientError({"Error": {"Code": "ThrottlingException", "Message": "unprocessed keys"}}, "BatchGetItem")
        found: dict[str, list[dict[str, Any]]] = answer["Responses"]
        credential = next((_credential(item) for item in found.get(core, ())), None)
        failures = next(iter(found.get(ephemeral, ())), None)
        if failures is None:
            return credential, 0, 0
        return credential, int(failures["failures"]["N"]), int(failures["failed_at"]["N"])

    def count_failure(self, email: str, at_ms: int) -> None:
        dynamodb().update_item(
            TableName=table_name("ephemeral"),
            Key=_failures_key(email),
            UpdateExpression="ADD failures :one SET failed_at = :at, expires_at = :expires",
            ExpressionAttributeValues={
                ":one": {"N": "1"},
                ":at": {"N": str(at_ms)},
                ":expires": {"N": str(at_ms // 1000 + _FAILURES_KEPT)},
            },
        )

    def forget_failures(self, email: str) -> None:
        dynamodb().delete_item(TableName=table_name("ephemeral"), Key=_failures_key(email))


def _failures_key(email: str) -> dict[str, Any]:
    return {"pk": {"S": f"FAILURES#{email}"}, "sk": {"S": "SIGN_IN"}}


def _credential(item: dict[str, Any]) -> Credential:
    raw = CredentialItem.from_raw_data(item)
    return from_item(Credential, raw)
