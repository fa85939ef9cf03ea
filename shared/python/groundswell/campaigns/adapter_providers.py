"""The ways by a client's own credentials: SendGrid, Mailgun, SES and SMTP. Hosts that clients name have public
addresses."""

import asyncio
import os
import smtplib
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from groundswell.campaigns.adapter_mail import bulk_mail, smtp_refusal
from groundswell.campaigns.outcomes import Outcome, Outgoing, Provider, Refused, Sent, Throttled, Unknown
from groundswell.kernel.errors import Overloaded, Unavailable
from groundswell.mailer.adapter_transports import SMTP_REFUSALS, for_smtp
from groundswell.mailer.compose import raw
from groundswell.observability.log import log
from groundswell.outbound.adapter import loopback_peers
from groundswell.outbound.adapter_vendor import Vendor, VendorAnswer, VendorClient, vendor_url
from groundswell.outbound.retrying import retry_after
from groundswell.outbound.target import TargetRefused, check_addresses, parse_target

_SMTP_SECONDS = 10
_TOO_MANY = 429
_SES_LATER = {"TooManyRequestsException": 2.0, "LimitExceededException": 900.0, "SendingPausedException": 900.0}
_PERMANENT = 500


def provider_for(kind: str, credentials: Mapping[str, Any], now: Callable[[], datetime]) -> Provider:
    """Raises KeyError for a kind that there is not."""
    makers: dict[str, Callable[[Mapping[str, Any], Callable[[], datetime]], Provider]] = {
        "sendgrid": SendGrid,
        "mailgun": Mailgun,
        "ses": Ses,
        "smtp": Smtp,
    }
    return makers[kind](credentials, now)


class SendGrid:
    """https://www.twilio.com/docs/sendgrid/api-reference/mail-send"""

    recognises_repeats = False

    def __init__(self, credentials: Mapping[str, Any], now: Callable[[], datetime]) -> None:
        self._now = now
        headers = {"Authorization": f"Bearer {credentials['api_key']}"}
        self._vendor = Vendor("SendGrid", vendor_url("SENDGRID_URL"), headers=headers)

    def send(self, message: Outgoing) -> Outcome:
        name, address = _named(message.sender)
        content = [{"type": "text/plain", "value": message.text}]
        if message.html:
            content.append({"type": "text/html", "value": message.html})
        tags = {"delivery": message.id, "client": message.client_id}
        headers = {key: value for key, value in message.headers.items() if key != "Reply-To"}
        body: dict[str, Any] = {
            "personalizations": [{"to": [{"email": message.to}], "custom_args": tags}],
            "from": {"email": address, "name": name},
            "subject": message.subject,
            "content": content,
            "headers": headers,
            "tracking_settings": {"click_tracking": {"enable": False}, "open_tracking": {"enable": False}},
        }
        if message.reply_to:
            body["reply_to"] = {"email": message.reply_to}
        answer = _post(self._vendor, "/v3/mail/send", body=body)
        if not isinstance(answer, VendorAnswer):
            return answer
        return _judged(answer, self._now(), lambda: answer.headers.get("x-message-id"))


class Mailgun:
    """https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages"""

    recognises_repeats = False

    def __init__(self, credentials: Mapping[str, Any], now: Callable[[], datetime]) -> None:
        self._now = now
        self._domain = credentials["domain"]
        headers = {"Authorization": basic("api", credentials["api_key"])}
        self._vendor = Vendor("Mailgun", vendor_url("MAILGUN_URL"), headers=headers)

    def send(self, message: Outgoing) -> Outcome:
        form = {
            "from": message.sender,
            "to": message.to,
            "subject": message.subject,
            "text": message.text,
            "o:tracking": "no",
            "v:delivery": message.id,
            "v:client": message.client_id,
            **{f"h:{name}": value for name, value in message.headers.items()},
        }
        if message.html:
            form["html"] = message.html
        answer = _post(self._vendor, f"/v3/{self._domain}/messages", form=form)
        if not isinstance(answer, VendorAnswer):
            return answer
        return _judged(answer, self._now(), lambda: str(answer.json()["id"]))


class Ses:
    recognises_repeats = False

    def __init__(self, credentials: Mapping[str, Any], now: Callable[[], datetime]) -> None:
        self._client = ses_client(credentials)
        self._now = now

    def send(self, message: Outgoing) -> Outcome:
        mail = bulk_mail(message)
        content = raw(mail, message.sender, self._now())
        try:
            sent = self._client.send_email(
                Destination={"ToAddresses": [message.to]},
                Content={"Raw": {"Data": content}},
                EmailTags=[{"Name": name, "Value": value} for name, value in mail.tags.items()],
            )
        except ClientError as error:
            code, status = str(error.response["Error"]["Code"]), error.response["ResponseMetadata"]["HTTPStatusCode"]
            if code in _SES_LATER:
                return Throttled(_SES_LATER[code])
            return Unknown(code) if status >= _PERMANENT else Refused(code, permanent=True)
        except BotoCoreError as error:
            return Unknown(type(error).__name__)
        return Sent(str(sent["MessageId"]))


class Smtp:
    recognises_repeats = False

    def __init__(self, credentials: Mapping[str, Any], now: Callable[[], datetime]) -> None:
        self._credentials = credentials
        self._now = now

    def send(self, message: Outgoing) -> Outcome:
        message_id, give_to = for_smtp(bulk_mail(message), message.sender, self._now())
        try:
            server = smtp_server(self._credentials)
        except TargetRefused as refused:
            return Refused(f"the host {refused.reason}", permanent=True)
        except (OSError, smtplib.SMTPException) as error:
            return _unreachable(error)
        try:
            give_to(server)
        except SMTP_REFUSALS as error:
            return smtp_refusal(error)
        except OSError as error:  # SMTPException is one
            return Unknown(f"the connection ended before the answer ({type(error).__name__})")
        finally:
            with suppress(OSError):
                server.quit()
            server.close()
        return Sent(message_id)


def _unreachable(error: Exception) -> Outcome:
    """Nothing was handed over: no recipient is to blame, whether nobody answered or the credentials are wrong."""
    log.warning("no connection to an SMTP server", extra={"reason": type(error).__name__})
    return Throttled(60.0, down=True)


def smtp_server(credentials: Mapping[str, Any]) -> smtplib.SMTP:
    """Connected and signed in, at an address that was checked. Raises TargetRefused, OSError."""
    host, port = str(credentials["host"]), int(credentials.get("port") or 587)
    address, tls = _checked_address(host, port), str(credentials.get("tls") or "starttls")
    context = ssl.create_default_context()
    server: smtplib.SMTP = (
        smtplib.SMTP_SSL(timeout=_SMTP_SECONDS, context=context)
        if tls == "tls"
        else smtplib.SMTP(timeout=_SMTP_SECONDS)
    )
    server._host = host  # type: ignore[attr-defined]  # noqa: SLF001 - the name that TLS is checked against
    try:
        server.connect(address, port)
        if tls == "starttls":
            server.starttls(context=context)
        if credentials.get("username"):
            server.login(str(credentials["username"]), str(credentials.get("password") or ""))
    except OSError:  # SMTPException is one
        server.close()
        raise
    return server


def _checked_address(host: str, port: int) -> str:
    peers = loopback_peers()
    target = parse_target(f"https://{host}:{port}/" if _is_peer(host, port) else f"https://{host}/", peers)
    addresses = [str(address_info[4][0]) for address_info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    return check_addresses(target, addresses, peers)[0]


def _is_peer(host: str, port: int) -> bool:
    places = os.environ.get("ALLOW_LOOPBACK_HOSTS", "").split(",")
    return f"{host}:{port}" in [place.strip() for place in places]


def ses_client(credentials: Mapping[str, Any]) -> Any:
    """SES knows no idempotency token: a retry after a lost answer would send twice."""
    from botocore.config import Config

    from groundswell.storage.client import session

    return session().create_client(
        "sesv2",
        region_name=credentials.get("region") or "us-east-1",
        aws_access_key_id=credentials["access_key_id"],
        aws_secret_access_key=credentials["secret_access_key"],
        config=Config(connect_timeout=3, read_timeout=10, retries={"total_max_attempts": 1}),
    )


def basic(user: str, password: str) -> str:
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


def _named(sender: str) -> tuple[str, str]:
    from email.utils import parseaddr

    return parseaddr(sender)


def _post(vendor: Vendor, path: str, **what: Any) -> VendorAnswer | Outcome:
    client = VendorClient(vendor, attempts=1, patience=15)
    try:
        return asyncio.run(client.request("POST", path, **what))
    except Overloaded as full:
        return Throttled(float(full.outage.retry_after))
    except Unavailable as error:
        return Throttled(30.0, down=True) if _never_left(error) else Unknown("no answer")


def _never_left(error: Unavailable) -> bool:
    import httpx

    return isinstance(error.__cause__, httpx.ConnectError | httpx.ConnectTimeout)


def _judged(answer: VendorAnswer, now: datetime, provider_id: Callable[[], str | None]) -> Outcome:
    if answer.ok:
        try:
            return Sent(provider_id())
        except (ValueError, KeyError, TypeError):
            return Sent()
    if answer.status == _TOO_MANY:
        return Throttled(retry_after(answer.headers, now) or 5.0)
    detail = f"HTTP {answer.status} {answer.body[:200].decode(errors='replace')}"
    return Unknown(detail) if answer.status >= _PERMANENT else Refused(detail, permanent=True)
