"""Accounts in the core table."""

from collections.abc import Sequence
from dataclasses import replace

from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.kernel.message import Message
from groundswell.storage.client import dynamodb
from groundswell.storage.mapper import from_item
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import OPERATIONS_AT_MOST, delete_row, outbox, put, put_row, write
from groundswell.tenancy.auth.adapter_factors import factor_key
from groundswell.tenancy.auth.adapter_sessions import end_rows, note_row
from groundswell.tenancy.auth.backoff import STRANGERS
from groundswell.tenancy.auth.items import (
    CredentialItem,
    LinkItem,
    UserItem,
    credential_item,
    link_item,
    newest_key,
    newest_row,
    tries_key,
    user_item,
)
from groundswell.tenancy.auth.model import Credential, EmailTaken, Link, LinkUsed, User
from groundswell.tenancy.clients.adapter_arrivals import arrival
from groundswell.tenancy.clients.items import client_item, membership_item, organization_item
from groundswell.tenancy.clients.model import Client, Membership
from groundswell.tenancy.clients.organization import Organization

ENDED_AT_ONCE = OPERATIONS_AT_MOST - 10  # whoever has more sessions has the rest ended in a sweep


class DynamoAccountStore:
    def find(self, user_id: str) -> User | None:
        try:
            return from_item(User, UserItem.get(f"USER#{user_id}", "USER", consistent_read=True))
        except UserItem.DoesNotExist:
            return None

    def credential(self, email: str) -> Credential | None:
        try:
            return from_item(Credential, CredentialItem.get(f"EMAIL#{email}", "EMAIL", consistent_read=True))
        except CredentialItem.DoesNotExist:
            return None

    def create_with_organization(
        self,
        user: User,
        credential: Credential | None,
        organization: Organization,
        client: Client,
        membership: Membership,
        link: Link | None,
        message: Message | None,
        entry: Entry,
    ) -> User:
        item = user_item(user)
        changes = [
            *([put(credential_item(credential), EmailTaken())] if credential else []),
            put(item),
            put(organization_item(organization)),
            put(client_item(client)),
            put(membership_item(membership)),
            arrival(client, user.id),
            *([put(link_item(link))] if link else []),
            note(entry),
        ]
        write(changes, [message] if message else [])
        return replace(user, version=item.version)

    def join(self, user: User, credential: Credential, link: Link, message: Message, entry: Entry) -> User:
        item = user_item(user)
        changes = [put(credential_item(credential), EmailTaken()), put(item), put(link_item(link)), note(entry)]
        write(changes, [message])
        return replace(user, version=item.version)

    def save(self, user: User) -> User:
        item = user_item(user)
        write([put(item)])
        return replace(user, version=item.version)

    def link(self, token_hash: str) -> Link | None:
        try:
            return from_item(Link, LinkItem.get(f"LINK#{token_hash}", "LINK", consistent_read=True))
        except LinkItem.DoesNotExist:
            return None

    def is_newest(self, link: Link) -> bool:
        key = newest_key(link.email, link.purpose)
        item = dynamodb().get_item(TableName=table_name("core"), Key=key, ConsistentRead=True).get("Item")
        return item is None or item["token_hash"]["S"] == link.token_hash

    def replace_link(self, email: str, link: Link, message: Message | None, entry: Entry) -> None:
        outbox_rows = [outbox(message)] if message else []
        newest = put_row("core", newest_row(email, link))
        write([put(link_item(link)), newest, note_row(entry), *outbox_rows])

    def verify(self, user: User, link: Link, entry: Entry) -> User:
        item = user_item(user)
        write([put(link_item(link), LinkUsed()), put(item), note(entry)])
        return replace(user, version=item.version)

    def claim(
        self, user: User, credential: Credential, link: Link, holder: User | None, entries: Sequence[Entry]
    ) -> User:
        item = user_item(user)
        changes = [put(link_item(link), LinkUsed()), put(credential_item(credential), LinkUsed()), put(item)]
        if holder:
            changes.append(put(user_item(holder), LinkUsed()))
        pk, sk = factor_key(credential.email)
        factor = delete_row("core", {"pk": {"S": pk}, "sk": {"S": sk}})
        forgotten = delete_row("ephemeral", tries_key(credential.email, STRANGERS))
        write([*changes, factor, forgotten, *map(note_row, entries)])
        return replace(user, version=item.version)

    def reset(self, user: User, credential: Credential, link: Link, entry: Entry, ended: Sequence[str]) -> None:
        changes = [put(link_item(link), LinkUsed()), put(credential_item(credential)), put(user_item(user))]
        forgotten = delete_row("ephemeral", tries_key(credential.email, STRANGERS))
        write([*changes, note_row(entry), forgotten, *end_rows(user.id, ended[:ENDED_AT_ONCE])])

    def change_password(self, credential: Credential, entry: Entry, ended: Sequence[str]) -> None:
        ends = end_rows(credential.user_id, ended[:ENDED_AT_ONCE])
        write([put(credential_item(credential)), note_row(entry), *ends])
