"""Notes how sending went, for health checks."""

from botocore.exceptions import ClientError

from groundswell.kernel.errors import Invalid
from groundswell.mailer.adapter_transports import SMTP_REFUSALS
from groundswell.mailer.model import Mail
from groundswell.mailer.service import MailRefused, Transport
from groundswell.outbound.outcomes import Outcomes

SERVICE = "mail"
_OF_ONE_MAIL = frozenset({"MessageRejected", "BadRequestException"})


class NotedTransport:
    """Only words of ours, SES's codes and names of classes are noted: a server's own text may name hosts and people."""

    def __init__(self, transport: Transport, outcomes: Outcomes) -> None:
        self._transport = transport
        self._outcomes = outcomes
        self.recognises_repeats = transport.recognises_repeats

    def send(self, mail: Mail) -> str | None:
        try:
            sent = self._transport.send(mail)
        except Invalid:  # nobody was asked
            raise
        except MailRefused as error:
            self._outcomes.note(SERVICE, _trouble(error.__cause__))
            raise
        except Exception as error:
            self._outcomes.note(SERVICE, type(error).__name__)
            raise
        self._outcomes.note(SERVICE, None)
        return sent


def _trouble(cause: BaseException | None) -> str | None:
    """What ails the service, where it is not one mail that it would not take."""
    if isinstance(cause, ClientError):
        code = str(cause.response["Error"]["Code"])
        return None if code in _OF_ONE_MAIL else code
    return None if isinstance(cause, SMTP_REFUSALS) else "no connection"
