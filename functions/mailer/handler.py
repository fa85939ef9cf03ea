"""SQS worker: one mail a message, partial failures reported."""

import os
from functools import cache
from typing import Any

from groundswell.kernel.clock import utc_now
from groundswell.kernel.errors import Invalid
from groundswell.kernel.ids import new_id
from groundswell.mailer.adapter_noted import NotedTransport
from groundswell.mailer.adapter_transports import transport
from groundswell.mailer.model import parse_mail
from groundswell.mailer.service import MailService, MailUnknown
from groundswell.mailer.store import DynamoMailLedger
from groundswell.messaging.batch import Failures, handle_messages
from groundswell.observability.log import log
from groundswell.outbound.adapter_outcomes import DynamoOutcomes


@cache
def mail_service() -> MailService:
    way = transport(
        os.environ["MAIL_TRANSPORT"],
        os.environ["MAIL_FROM"],
        os.environ.get("SMTP_URL", ""),
        utc_now,
        os.environ["MAIL_CONFIGURATION_SET"],
    )
    return MailService(NotedTransport(way, DynamoOutcomes(utc_now)), DynamoMailLedger(), utc_now, new_id)


def handler(event: dict[str, Any], context: object) -> Failures:  # noqa: ARG001 - Lambda's signature
    return handle_messages(event, _send, poison=(Invalid, MailUnknown))


def _send(body: str) -> None:
    mail = parse_mail(body)
    outcome = mail_service().send(mail)
    log.info("mail", extra={"mail_id": mail.id, "outcome": outcome})
