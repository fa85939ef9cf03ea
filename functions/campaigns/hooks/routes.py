"""Where mail providers report bounces, complaints and deliveries: verified at once, worked on from the queue.

The token in the address is signed and names the sender; what it reports counts for the sender's client alone.
"""

import time
from collections.abc import Sequence
from itertools import batched
from typing import Annotated, Any

from fastapi import Path, Request
from starlette.responses import JSONResponse

from groundswell.campaigns.adapter_replays import note_handled, was_handled
from groundswell.campaigns.adapter_senders import DynamoSenderStore, credentials_of
from groundswell.campaigns.feedback import Report
from groundswell.campaigns.hooks import (
    PURPOSE,
    HookForged,
    HookRepeated,
    check_mailgun,
    check_sendgrid,
    mailgun_reports,
    parse,
    sendgrid_reports,
    ses_reports,
)
from groundswell.campaigns.messages import FEEDBACK, QUEUE, Order
from groundswell.campaigns.senders import ProviderKind, SenderIdentity, SenderNotFound
from groundswell.campaigns.sns import genuine, is_amazons
from groundswell.http.app import create_router
from groundswell.http.operation import operation
from groundswell.kernel.errors import Invalid
from groundswell.links.adapter_wiring import links
from groundswell.outbound.adapter import SafeClient, loopback_peers
from groundswell.outbound.model import Bounds
from groundswell.storage.client import sqs
from groundswell.storage.settings import queue_url

router = create_router("Campaigns")
Token = Annotated[str, Path(min_length=1, max_length=2048)]
_TOGETHER = 100
_BOUNDS = Bounds(seconds=5, connect_seconds=3, size=20_000)


def _hook(name: str) -> dict[str, Any]:
    """The bodies are the providers' own: the API's description leaves them out."""
    return operation(name, errors=(403, 404)) | {"include_in_schema": False}


@router.post("/hooks/sendgrid/{token}", **_hook("hooks.sendgrid"))
async def sendgrid(token: Token, request: Request) -> JSONResponse:
    """SendGrid's event webhook, signed (ECDSA): give the sender the `verification_key` that SendGrid shows."""
    sender, body = _sender(token, ProviderKind.SENDGRID), await request.body()
    key = credentials_of(sender).get("verification_key")
    if not key:
        raise HookForged("Give the sender its verification_key first")
    check_sendgrid(str(key), request.headers, body, time.time())
    return _take(sender, list(sendgrid_reports(sender.client_id, parse(body))))


@router.post("/hooks/mailgun/{token}", **_hook("hooks.mailgun"))
async def mailgun(token: Token, request: Request) -> JSONResponse:
    """Mailgun's webhooks, signed (HMAC): give the sender the `signing_key` that Mailgun shows."""
    sender, body = _sender(token, ProviderKind.MAILGUN), parse(await request.body())
    key = credentials_of(sender).get("signing_key")
    if not key or not isinstance(body, dict):
        raise HookForged("Give the sender its signing_key first")
    now = time.time()
    once = check_mailgun(str(key), body, now)
    if was_handled(sender.id, once):
        raise HookRepeated
    answer = _take(sender, list(mailgun_reports(sender.client_id, body)))
    note_handled(sender.id, once, now)
    return answer


@router.post("/hooks/ses/{token}", **_hook("hooks.ses"))
async def ses(token: Token, request: Request) -> JSONResponse:
    """Events of SES by an SNS topic: subscribe this address, which confirms itself."""
    sender, message = _sender(token, ProviderKind.SES), parse(await request.body())
    if not isinstance(message, dict) or not is_amazons(str(message.get("SigningCertURL", ""))):
        raise HookForged
    certificate = await _fetch(sender.client_id, str(message["SigningCertURL"]))
    if not genuine(message, certificate):
        raise HookForged
    if message["Type"] == "SubscriptionConfirmation":
        if not is_amazons(str(message.get("SubscribeURL", ""))):
            raise HookForged
        await _fetch(sender.client_id, str(message["SubscribeURL"]))
        return _take(sender, [])
    return _take(sender, list(ses_reports(sender.client_id, parse(str(message.get("Message", "")).encode()))))


def _sender(token: str, provider: ProviderKind) -> SenderIdentity:
    """Raises LinkUnknown, SenderNotFound."""
    link = links().open(PURPOSE, token)
    sender = DynamoSenderStore().find(link.client_id, str(link.claims["s"]))
    if sender is None or sender.provider is not provider:
        raise SenderNotFound
    return sender


async def _fetch(client_id: str, url: str) -> str:
    answer = await SafeClient(loopback_peers()).send(client_id, "GET", url, headers={}, content=b"", bounds=_BOUNDS)
    if not answer.ok:
        raise Invalid.on("SigningCertURL", f"it answers {answer.status}")
    return answer.body.decode(errors="replace")


def _take(sender: SenderIdentity, reports: Sequence[Report]) -> JSONResponse:
    """Told twice, they count once: so repeats of a hook are taken like the first."""
    for batch in batched(reports, _TOGETHER, strict=False):
        entries = [
            {"d": message.delivery_id, "kind": message.kind.value, "reason": message.reason} for message in batch
        ]
        order = Order(FEEDBACK, sender.client_id, "-", 0, 0, {"reports": entries})
        sqs().send_message(QueueUrl=queue_url(QUEUE), MessageBody=order.body)
    return JSONResponse({"status_code": 200, "message": "Success", "data": {"reports": len(reports)}})
