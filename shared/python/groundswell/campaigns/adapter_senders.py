"""Senders in DynamoDB, their credentials sealed, and what a provider says of these."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.campaigns.items import SenderItem, sender_item, senders_pk
from groundswell.campaigns.model import Status
from groundswell.campaigns.senders import CredentialsRejected, ProviderKind, SenderIdentity
from groundswell.campaigns.store import campaigns_with
from groundswell.kernel.errors import FieldProblem
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import find
from groundswell.storage.sealing import KmsSealer
from groundswell.storage.transaction import delete, put, write

_KEY = "credentials"
_REFUSED = (401, 403, 404)


class DynamoSenderStore:
    def find(self, client_id: str, sender_id: str) -> SenderIdentity | None:
        return find(SenderIdentity, SenderItem, senders_pk(client_id), f"SENDER#{sender_id}")

    def senders(self, client_id: str) -> tuple[SenderIdentity, ...]:
        items = SenderItem.query(senders_pk(client_id), SenderItem.sk.startswith("SENDER#"), consistent_read=True)
        return tuple(from_item(SenderIdentity, item) for item in items)

    def save(self, sender: SenderIdentity, noted: Entry) -> SenderIdentity:
        item = sender_item(sender)
        write([put(item), note(noted)])
        return replace(sender, version=int(item.version or 0))

    def remove(self, sender: SenderIdentity, noted: Entry) -> None:
        write([delete(sender_item(sender)), note(noted)])

    def used_by(self, client_id: str, sender_id: str) -> tuple[str, ...]:
        return campaigns_with(client_id, "sender", sender_id, (Status.SCHEDULED, Status.SENDING, Status.PAUSED))


def seal(client_id: str, sender_id: str, credentials: Mapping[str, Any]) -> str:
    return KmsSealer(_KEY).seal(json.dumps(dict(credentials)).encode(), _context(client_id, sender_id))


@lru_cache(maxsize=200)
def _opened(client_id: str, sender_id: str, sealed: str) -> str:
    return KmsSealer(_KEY).open(sealed, _context(client_id, sender_id)).decode()


def credentials_of(sender: SenderIdentity) -> dict[str, Any]:
    """Opened once a process. Raises SealBroken."""
    opened: dict[str, Any] = json.loads(_opened(sender.client_id, sender.id, sender.sealed))
    return opened


def _context(client_id: str, sender_id: str) -> dict[str, str]:
    return {"client": client_id, "sender": sender_id, "use": "mail"}


async def try_out(provider: ProviderKind, credentials: Mapping[str, Any]) -> None:
    """Raises CredentialsRejected in the provider's words, Unavailable where it does not answer."""
    from groundswell.campaigns.adapter_providers import basic  # their clients cost a cold start, and few are tried

    match provider:
        case ProviderKind.SENDGRID:
            await _try_credentials(
                "SendGrid", "SENDGRID_URL", "/v3/scopes", {"Authorization": f"Bearer {credentials['api_key']}"}
            )
        case ProviderKind.MAILGUN:
            path = f"/v3/domains/{credentials['domain']}"
            await _try_credentials(
                "Mailgun", "MAILGUN_URL", path, {"Authorization": basic("api", credentials["api_key"])}
            )
        case ProviderKind.SMTP:
            _try_smtp(credentials)
        case ProviderKind.SES:
            _try_ses(credentials)


async def _try_credentials(name: str, setting: str, path: str, headers: Mapping[str, str]) -> None:
    from groundswell.outbound.adapter_vendor import Vendor, VendorClient, vendor_url

    client = VendorClient(Vendor(name, vendor_url(setting), headers=headers), patience=10, attempts=2)
    answer = await client.request("GET", path, repeatable=True)
    if answer.status in _REFUSED:
        raise rejected(f"{name} answers {answer.status}: {answer.body[:200].decode(errors='replace')}")


def _try_smtp(credentials: Mapping[str, Any]) -> None:
    import smtplib

    from groundswell.campaigns.adapter_providers import smtp_server
    from groundswell.outbound.target import TargetRefused

    try:
        smtp_server(credentials).quit()
    except TargetRefused as refused:
        raise rejected(f"the host {refused.reason}") from refused
    except (OSError, smtplib.SMTPException) as error:
        raise rejected(f"{type(error).__name__}: {error}"[:300]) from error


def _try_ses(credentials: Mapping[str, Any]) -> None:
    from botocore.exceptions import BotoCoreError, ClientError

    from groundswell.campaigns.adapter_providers import ses_client

    try:
        ses_client(credentials).get_account()
    except ClientError as error:
        raise rejected(f"SES: {error.response['Error']['Code']}") from error
    except BotoCoreError as error:
        raise rejected(f"SES: {type(error).__name__}") from error


def rejected(words: str) -> CredentialsRejected:
    return CredentialsRejected(words, problems=(FieldProblem("credentials", "rejected", words),))
