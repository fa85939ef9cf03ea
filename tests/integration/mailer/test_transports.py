"""The ways mail leaves, against peers that others wrote."""

import email
import json
from collections.abc import Callable, Iterator
from email.message import Message
from email.policy import default
from smtplib import SMTPServerDisconnected

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from groundswell.kernel.errors import Invalid
from groundswell.mailer.adapter_transports import MailboxTransport, SesTransport, SmtpTransport, transport
from groundswell.mailer.model import Mail
from groundswell.mailer.service import MailRefused
from infra.local.emulator import free_port
from tests.clock import START, Clock

MAIL = Mail("0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11", "ada@example.com", "Grüße", "Hallo,\n.\nEnde\n", "<p>Hallo</p>")
SENDER = "Groundswell <no-reply@groundswell.dev>"


class Server:
    """An SMTP server that keeps what it takes. `answers` overrides what it says, by command."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.answers: dict[str, str] = {}

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802 - aiosmtpd's name
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_MAIL(self, server, session, envelope, address, options) -> str:  # noqa: N802
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.taken.append(envelope)
        return "250 OK"

    async def handle_QUIT(self, server, session, envelope) -> str:  # noqa: N802
        return self.answers.get("QUIT", "221 Bye")

    def mail(self) -> Message:
        return email.message_from_bytes(self.taken[-1].content, policy=default)


def authenticate(server, session, envelope, mechanism, data) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"user", b"p@ss")
    return AuthResult(success=good, handled=False)


@pytest.fixture
def start() -> Iterator[Callable[..., tuple[Server, str]]]:
    """`start()` is (server, its URL)."""
    running: list[Controller] = []

    def run(user: str = "", **options: object) -> tuple[Server, str]:
        server = Server()
        port = free_port()
        controller = Controller(server, hostname="127.0.0.1", port=port, ready_timeout=60, **options)
        controller.start()
        running.append(controller)
        return server, f"smtp://{user}127.0.0.1:{port}"

    yield run
    for controller in running:
        controller.stop()


def test_smtp_delivers_the_whole_mail(start, clock) -> None:
    server, url = start()

    SmtpTransport(url, SENDER, clock).send(MAIL)

    assert server.taken[0].rcpt_tos == ["ada@example.com"]
    assert server.taken[0].mail_from == "no-reply@groundswell.dev"
    assert (server.mail()["Subject"], server.mail()["Message-ID"]) == ("Grüße", f"<{MAIL.id}@groundswell.dev>")
    assert server.mail().get_body(("plain",)).get_content().replace("\r\n", "\n") == MAIL.text
    assert server.mail().get_body(("html",)).get_content().strip() == MAIL.html


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("RCPT", "550 unknown user"),
        ("RCPT", "450 later"),
        ("MAIL", "550 not from you"),
        ("DATA", "554 spam"),
        ("DATA", "451 later"),
    ],
)
def test_what_the_server_did_not_take_may_be_tried_again(start, clock, command: str, answer: str) -> None:
    server, url = start()
    server.answers[command] = answer

    with pytest.raises(MailRefused):
        SmtpTransport(url, SENDER, clock).send(MAIL)

    assert server.taken == []


def test_a_rude_goodbye_after_the_mail_was_taken_is_no_failure(start, clock) -> None:
    server, url = start()
    server.answers["QUIT"] = "451 wait"

    SmtpTransport(url, SENDER, clock).send(MAIL)

    assert len(server.taken) == 1


def test_a_server_that_is_not_there_took_nothing(start, clock) -> None:
    with pytest.raises(MailRefused):
        SmtpTransport("smtp://127.0.0.1:1", SENDER, clock).send(MAIL)


def test_a_connection_that_breaks_while_the_server_takes_the_mail_leaves_it_open(start, clock) -> None:
    server, url = start()

    async def breaks(peer, session, envelope) -> str:
        server.taken.append(envelope)
        peer.transport.close()
        return "250 OK"

    server.handle_DATA = breaks

    with pytest.raises((SMTPServerDisconnected, ConnectionError)):
        SmtpTransport(url, SENDER, clock).send(MAIL)


@pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")  # the peer, on loopback
def test_credentials_are_unquoted(start, clock) -> None:
    options = {"authenticator": authenticate, "auth_required": True, "auth_require_tls": False}
    server, url = start("user:p%40ss@", **options)

    SmtpTransport(url, SENDER, clock).send(MAIL)

    assert len(server.taken) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")  # the peer, on loopback
def test_wrong_credentials_took_nothing_and_leave_no_connection_open(start, clock) -> None:
    _, url = start("user:wrong@", authenticator=authenticate, auth_required=True, auth_require_tls=False)

    with pytest.raises(MailRefused):
        SmtpTransport(url, SENDER, clock).send(MAIL)


@pytest.mark.parametrize("kind", ["smtp", "mailbox", "ses"])
def test_no_transport_lets_a_header_be_smuggled_in(moto, start, clock, kind: str) -> None:
    server, url = start()
    hostile = Mail(**(vars(MAIL) | {"subject": "Hi\r\nBcc: everybody@example.com"}))

    with pytest.raises(Invalid):
        transport(kind, SENDER, url, clock).send(hostile)

    assert server.taken == []


def test_ses_takes_the_same_mail(moto, clock) -> None:
    from moto.core import DEFAULT_ACCOUNT_ID
    from moto.ses.models import ses_backends

    from groundswell.storage.client import ses

    ses().create_email_identity(EmailIdentity="groundswell.dev")
    SesTransport(SENDER, clock).send(MAIL)

    sent = ses_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].sent_messages[-1]
    raw = email.message_from_string(sent.raw_data, policy=default)
    assert (raw["Subject"], raw["To"], set(sent.destinations)) == ("Grüße", MAIL.to, {MAIL.to})


@pytest.mark.parametrize("name", ["groundswell-prod-mail", ""])
def test_ses_is_told_the_configuration_set_that_bounces_are_reported_by(moto, clock, name) -> None:
    from groundswell.storage.client import ses

    sent = []
    ses().create_email_identity(EmailIdentity="groundswell.dev")
    ses().meta.events.register(
        "before-call.sesv2.SendEmail", lambda params, **_: sent.append(json.loads(params["body"]))
    )
    SesTransport(SENDER, clock, name).send(MAIL)

    assert [message.get("ConfigurationSetName", "") for message in sent] == [name]


@pytest.mark.parametrize(
    ("code", "refused"),
    [
        ("TooManyRequestsException", True),
        ("MessageRejected", True),
        ("AccessDeniedException", True),
        ("InternalFailure", False),
    ],
)
def test_a_refusal_of_ses_is_told_from_an_open_question_and_neither_is_repeated(moto, clock, code, refused) -> None:
    from botocore.exceptions import ClientError

    from groundswell.storage.client import ses
    from tests.calls import _answer

    attempts = []

    def refuse(request, **_):
        attempts.append(request.url)
        request.url = "https://refused.example/"
        answer = _answer(request.url, 500 if code == "InternalFailure" else 400, {"message": code})
        answer.headers["x-amzn-errortype"] = code
        return answer

    ses().meta.events.register_first("before-send", refuse)

    with pytest.raises(MailRefused if refused else ClientError):
        SesTransport(SENDER, clock).send(MAIL)

    assert len(attempts) == 1


def test_a_lost_answer_of_ses_is_not_asked_for_again(moto, clock) -> None:
    from botocore.exceptions import ReadTimeoutError

    from groundswell.storage.client import ses

    attempts = []

    def silence(request, **_):
        attempts.append(request.url)
        raise ReadTimeoutError(endpoint_url=request.url)

    ses().meta.events.register_first("before-send", silence)

    with pytest.raises(ReadTimeoutError):
        SesTransport(SENDER, clock).send(MAIL)

    assert len(attempts) == 1


def test_a_mailbox_keeps_one_of_each_mail_however_often_it_is_sent(moto, clock: Clock) -> None:
    box = MailboxTransport(SENDER, clock)
    mail = Mail(**(vars(MAIL) | {"to": "Box@Example.com"}))

    box.send(mail)
    clock.advance(minutes=5)
    box.send(mail)

    kept = [item for item in moto.items("ephemeral") if item["pk"]["S"] == "MAILBOX#box@example.com"]
    assert len(kept) == 1
    assert "Message-ID" in kept[0]["raw"]["S"]


def test_an_unknown_transport_stops_the_start() -> None:
    with pytest.raises(ValueError, match="pigeon"):
        transport("pigeon", SENDER, "", lambda: START)
