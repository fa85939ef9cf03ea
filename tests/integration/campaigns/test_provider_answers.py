"""What providers are told of a message, and what their answers mean."""

import json
import socket
from base64 import b64decode
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from urllib.parse import parse_qs

import pytest
from botocore.stub import ANY, Stubber

from groundswell.campaigns.adapter_providers import Mailgun, SendGrid, Ses, Smtp
from groundswell.campaigns.outcomes import Outcome, Outgoing, Refused, Sent, Throttled, Unknown
from groundswell.kernel.clock import utc_now
from tests.receiver import Received, Reply, receiver

HEADERS = {"List-Unsubscribe": "<https://x.example/u/1>", "Reply-To": "answers@shop.example"}
SENDER, REPLY_TO = "Jürgen <news@shop.example>", "answers@shop.example"
MESSAGE = Outgoing(
    "d-0-1",
    "c",
    "ada@people.example",
    "Grüße",
    "Hi",
    "<p>Hi</p>",
    "Jürgen <news@shop.example>",
    "answers@shop.example",
    HEADERS,
)
ANSWERS = [
    (429, {"Retry-After": "7"}, Throttled(7)),
    (500, {}, Unknown),
    (503, {}, Unknown),
    (400, {}, Refused),
    (401, {}, Refused),
]


@pytest.fixture
def sent_to(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Outcome, list[Received]]]:
    def send(provider: type[SendGrid] | type[Mailgun], setting: str, answer: Reply) -> tuple[Outcome, list[Received]]:
        got: list[Received] = []

        def reply(received: Received) -> Reply:
            got.append(received)
            return answer

        with receiver(reply) as peer:
            monkeypatch.setenv(setting, peer.url)
            credentials = {"api_key": "secret", "domain": "mg.shop.example"}
            return provider(credentials, utc_now).send(MESSAGE), got

    return send


def test_mailgun_gets_the_message_with_its_headers_and_the_deliverys_id(sent_to) -> None:
    accepted = Reply(200, body=b'{"id":"<1@mg.shop.example>","message":"Queued. Thank you."}')
    outcome, (received,) = sent_to(Mailgun, "MAILGUN_URL", accepted)
    assert outcome == Sent("<1@mg.shop.example>")
    assert received.path == "/v3/mg.shop.example/messages"
    authorization = {name.lower(): value for name, value in received.headers.items()}["authorization"]
    assert b64decode(authorization.removeprefix("Basic ")) == b"api:secret"
    form = {name: values[0] for name, values in parse_qs(received.body.decode()).items()}
    assert form == {
        "from": "Jürgen <news@shop.example>",
        "to": "ada@people.example",
        "subject": "Grüße",
        "text": "Hi",
        "html": "<p>Hi</p>",
        "o:tracking": "no",
        "v:delivery": "d-0-1",
        "v:client": "c",
        "h:List-Unsubscribe": "<https://x.example/u/1>",
        "h:Reply-To": "answers@shop.example",
    }


def test_sendgrid_gets_names_as_they_are_written(sent_to) -> None:
    outcome, (received,) = sent_to(SendGrid, "SENDGRID_URL", Reply(202, headers={"X-Message-Id": "sg-1"}, body=b""))
    payload = json.loads(received.body)
    assert outcome == Sent("sg-1")
    assert payload["from"] == {"email": "news@shop.example", "name": "Jürgen"}
    assert payload["reply_to"] == {"email": "answers@shop.example"}
    assert payload["headers"] == {"List-Unsubscribe": "<https://x.example/u/1>"}


@pytest.mark.parametrize(("provider", "setting"), [(Mailgun, "MAILGUN_URL"), (SendGrid, "SENDGRID_URL")])
@pytest.mark.parametrize(("status", "headers", "outcome"), ANSWERS)
def test_answers_that_say_no_are_told_from_those_that_say_nothing(
    sent_to, provider, setting: str, status: int, headers: dict[str, str], outcome: object
) -> None:
    result, received = sent_to(provider, setting, Reply(status, headers=headers, body=b"{}"))
    assert len(received) == 1, "whatever is in doubt is not repeated"
    assert isinstance(result, outcome) if isinstance(outcome, type) else result == outcome


@pytest.mark.parametrize(("provider", "setting"), [(Mailgun, "MAILGUN_URL"), (SendGrid, "SENDGRID_URL")])
def test_where_nobody_listens_nothing_left(monkeypatch: pytest.MonkeyPatch, provider, setting: str) -> None:
    monkeypatch.setenv(setting, "http://127.0.0.1:9")
    outcome = provider({"api_key": "k", "domain": "d.example"}, utc_now).send(MESSAGE)
    assert outcome == Throttled(30.0, down=True)


def test_an_smtp_server_that_is_away_blames_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("STAGE", "local")
    monkeypatch.setenv("ALLOW_LOOPBACK_HOSTS", f"127.0.0.1:{port}")
    credentials = {"host": "127.0.0.1", "port": port, "tls": "none"}
    assert Smtp(credentials, utc_now).send(MESSAGE) == Throttled(60.0, down=True)


def test_an_smtp_server_that_moved_into_our_network_gets_nothing() -> None:
    outcome = Smtp({"host": "127.0.0.1", "port": 2525, "tls": "none"}, utc_now).send(MESSAGE)
    assert isinstance(outcome, Refused)
    assert outcome.permanent


@pytest.mark.parametrize(
    ("code", "status", "outcome"),
    [
        ("TooManyRequestsException", 429, Throttled(2.0)),
        ("SendingPausedException", 400, Throttled(900.0)),
        ("MessageRejected", 400, Refused("MessageRejected", permanent=True)),
        ("InternalFailure", 500, Unknown("InternalFailure")),
    ],
)
def test_ses_answers(code: str, status: int, outcome: Outcome) -> None:
    provider = Ses({"access_key_id": "a", "secret_access_key": "s", "region": "eu-central-1"}, utc_now)
    with Stubber(provider._client) as stub:
        expected = {"Destination": {"ToAddresses": ["ada@people.example"]}, "Content": ANY, "EmailTags": ANY}
        stub.add_client_error("send_email", code, http_status_code=status, expected_params=expected)
        assert provider.send(MESSAGE) == outcome
        stub.add_response("send_email", {"MessageId": "ses-1"}, expected)
        assert provider.send(MESSAGE) == Sent("ses-1")


def test_ses_gets_the_whole_message_with_its_headers() -> None:
    provider = Ses({"access_key_id": "a", "secret_access_key": "s"}, utc_now)
    raw: list[bytes] = []
    provider._client.meta.events.register(
        "before-parameter-build.sesv2.SendEmail", lambda params, **_: raw.append(params["Content"]["Raw"]["Data"])
    )
    with Stubber(provider._client) as stub:
        stub.add_response("send_email", {"MessageId": "ses-1"})
        provider.send(MESSAGE)
    mail = message_from_bytes(raw[0], policy=default)
    assert (mail["From"].addresses[0].display_name, mail["Subject"]) == ("Jürgen", "Grüße")
    assert mail["List-Unsubscribe"] == "<https://x.example/u/1>"
    assert mail["Reply-To"] == "answers@shop.example"
