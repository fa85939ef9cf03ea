"""What providers report of mails, and whether it is they who say so."""

import hmac
import json
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from groundswell.campaigns.feedback import Kind, Report
from groundswell.campaigns.p256 import genuine
from groundswell.kernel.errors import Forbidden, Invalid

PURPOSE = "mail_hook"
"""Of the signed token in a hook's address."""
TOLERANCE = 300
"""Seconds that a signature's time may be off."""
REPORTS_AT_MOST = 1000


class HookForged(Forbidden):
    code = "HOOK_FORGED"
    message = "The signature is not the provider's"


class HookRepeated(Forbidden):
    code = "HOOK_REPEATED"
    message = "This report was taken already: its token is good once"


def check_sendgrid(key: str, headers: Mapping[str, str], body: bytes, now: float) -> None:
    """ECDSA over the timestamp and the raw body (Twilio SendGrid, "Event Webhook Security Features"). Raises
    HookForged."""
    time = headers.get("x-twilio-email-event-webhook-timestamp", "")
    _need_recent(time, now)
    try:
        signature = b64decode(headers.get("x-twilio-email-event-webhook-signature", ""), validate=True)
        public = b64decode(key, validate=True)
    except (Base64Error, ValueError) as error:
        raise HookForged from error
    if not genuine(public, signature, sha256(time.encode() + body).digest()):
        raise HookForged


def check_mailgun(key: str, body: Mapping[str, Any], now: float) -> str:
    """HMAC-SHA256 over time and token (Mailgun, "Securing Webhooks"). The token, which is good once. Raises
    HookForged."""
    signature = body.get("signature")
    if not isinstance(signature, dict):
        raise HookForged
    time, token = str(signature.get("timestamp", "")), str(signature.get("token", ""))
    _need_recent(time, now)
    wanted = hmac.new(key.encode(), f"{time}{token}".encode(), sha256).hexdigest()
    if not hmac.compare_digest(wanted.encode(), str(signature.get("signature", "")).encode()):
        raise HookForged
    return token


def _need_recent(time: str, now: float) -> None:
    if not time.isdecimal() or len(time) > 12 or abs(int(time) - now) > TOLERANCE:
        raise HookForged("The signature is too old, or of the future")


def parse(body: bytes) -> Any:
    """Raises Invalid."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Invalid.on("body", "not JSON") from error


def sendgrid_reports(client_id: str, events: Any) -> Iterator[Report]:
    if not isinstance(events, list):
        raise Invalid.on("body", "an array of events")
    for event in events[:REPORTS_AT_MOST]:
        if isinstance(event, dict) and event.get("client") == client_id and (kind := _of_sendgrid(event)):
            yield Report(client_id, str(event.get("delivery", "")), kind, _text(event.get("reason")))


def _of_sendgrid(event: Mapping[str, Any]) -> Kind | None:
    match event.get("event"):
        case "delivered":
            return Kind.DELIVERED
        case "processed":
            return Kind.SENT
        case "bounce":
            return Kind.SOFT_BOUNCE if event.get("type") == "blocked" else Kind.HARD_BOUNCE
        case "dropped":
            return _DROPPED.get(str(event.get("reason")), Kind.REJECTED)
        case "spamreport":
            return Kind.COMPLAINT
        case "unsubscribe" | "group_unsubscribe":
            return Kind.UNSUBSCRIBED
    return None


_DROPPED = {
    "Bounced Address": Kind.HARD_BOUNCE,
    "Invalid": Kind.HARD_BOUNCE,
    "Spam Reporting Address": Kind.COMPLAINT,
    "Unsubscribed Address": Kind.UNSUBSCRIBED,
}
"""Why SendGrid sends nothing to an address; its other reasons are about the message."""


def mailgun_reports(client_id: str, body: Any) -> Iterator[Report]:
    event = body.get("event-data") if isinstance(body, dict) else None
    if not isinstance(event, dict):
        raise Invalid.on("event-data", "missing")
    own = event.get("user-variables")
    kind = _of_mailgun(event)
    if isinstance(own, dict) and own.get("client") == client_id and kind:
        status = event.get("delivery-status")
        reason = status.get("message") or status.get("description") if isinstance(status, dict) else None
        yield Report(client_id, str(own.get("delivery", "")), kind, _text(reason or event.get("reason")))


def _of_mailgun(event: Mapping[str, Any]) -> Kind | None:
    match event.get("event"):
        case "delivered":
            return Kind.DELIVERED
        case "accepted":
            return Kind.SENT
        case "failed":
            return _failed_at_mailgun(event)
        case "rejected":
            return Kind.REJECTED
        case "complained":
            return Kind.COMPLAINT
        case "unsubscribed":
            return Kind.UNSUBSCRIBED
    return None


def _failed_at_mailgun(event: Mapping[str, Any]) -> Kind | None:
    """What it tries again is no bounce yet; what it tried too long was one for now."""
    if event.get("severity") != "permanent":
        return None
    match event.get("reason"):
        case "suppress-unsubscribe":
            return Kind.UNSUBSCRIBED
        case "suppress-complaint":
            return Kind.COMPLAINT
        case "old":
            return Kind.SOFT_BOUNCE
    return Kind.HARD_BOUNCE


def stage_reports(event: Mapping[str, Any]) -> Iterator[Report]:
    """Of the stage's own SES, as EventBridge brings them: the client is the one that the message was tagged with."""
    detail = event.get("detail")
    mail = detail.get("mail") if isinstance(detail, dict) else None
    tags = mail.get("tags") if isinstance(mail, dict) else None
    clients = tags.get("client") if isinstance(tags, dict) else None
    for client_id in clients[:1] if isinstance(clients, list) else ():
        yield from ses_reports(str(client_id), event)


def ses_reports(client_id: str, event: Any) -> Iterator[Report]:
    """An event of SES, as SNS or EventBridge bring it (`eventType`, in older ones `notificationType`)."""
    if not isinstance(event, dict):
        raise Invalid.on("Message", "no event of SES")
    detail = event.get("detail", event)
    mail = detail.get("mail", {}) if isinstance(detail, dict) else {}
    tags = mail.get("tags", {}) if isinstance(mail, dict) else {}
    kind, reason = _of_ses(detail)
    if isinstance(tags, dict) and client_id in (tags.get("client") or []) and kind:
        for delivery in (tags.get("delivery") or [])[:1]:
            yield Report(client_id, str(delivery), kind, reason)


def _of_ses(event: Mapping[str, Any]) -> tuple[Kind | None, str | None]:
    match event.get("eventType") or event.get("notificationType"):
        case "Send":
            return Kind.SENT, None
        case "Delivery":
            return Kind.DELIVERED, None
        case "Bounce":
            bounce = event.get("bounce") or {}
            recipient: Mapping[str, Any] = next(iter(bounce.get("bouncedRecipients") or []), {})
            kind = Kind.HARD_BOUNCE if bounce.get("bounceType") == "Permanent" else Kind.SOFT_BOUNCE
            return kind, _text(recipient.get("diagnosticCode") or bounce.get("bounceSubType"))
        case "Complaint":
            spam = (event.get("complaint") or {}).get("complaintFeedbackType") != "not-spam"
            return (Kind.COMPLAINT, None) if spam else (None, None)
        case "Reject":
            return Kind.REJECTED, _text((event.get("reject") or {}).get("reason"))
    return None, None


def _text(value: Any) -> str | None:
    return str(value)[:300] if value else None
