"""From the outbox through the queue to the mailbox: once, whatever is repeated or dies on the way."""

import json
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from groundswell.kernel.ids import new_id
from groundswell.mailer.model import Mail
from groundswell.storage.transaction import put, write
from groundswell.tenancy.clients.items import organization_item
from groundswell.tenancy.clients.organization import Organization
from tests.calls import Crash
from tests.clock import START
from tests.gateway import call_handler


def new_mail() -> Mail:
    mail_id = new_id()
    return Mail(mail_id, f"{mail_id}@example.com", "Hello", "text", "<p>html</p>")


def batch(*bodies: str) -> dict:
    return {"Records": [{"messageId": f"m{number}", "body": body} for number, body in enumerate(bodies)]}


def body(mail: Mail) -> str:
    return mail.to_message().body


def mailbox(backend, mail: Mail) -> list:
    return [item for item in backend.items("ephemeral") if item["pk"]["S"] == f"MAILBOX#{mail.to}"]


def failures(answer: dict) -> list[str]:
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def dead(backend, worker: str) -> list[tuple[str, str]]:
    url = backend.resources.dead_letters[worker]
    response = backend.aws.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
    return [
        (message["Body"], message["MessageAttributes"]["Reason"]["StringValue"])
        for message in response.get("Messages", [])
    ]


def test_a_mail_is_sent_once_however_often_it_is_delivered(moto) -> None:
    mail = new_mail()

    answers = [call_handler(moto, "mailer", batch(body(mail), body(mail))) for _ in range(3)]

    assert [failures(answer) for answer in answers] == [[], [], []]
    assert len(mailbox(moto, mail)) == 1


def test_a_poison_message_is_put_aside_with_its_reason_and_the_rest_is_sent(moto) -> None:
    first, last = new_mail(), new_mail()
    hostile = Mail(**(vars(new_mail()) | {"subject": "Hi\r\nBcc: x@example.com"}))

    answer = call_handler(moto, "mailer", batch(body(first), "no mail", body(hostile), body(last)))

    assert failures(answer) == []
    assert len(mailbox(moto, first)) == len(mailbox(moto, last)) == 1
    reasons = dict(dead(moto, "mailer"))
    assert reasons["no mail"].startswith("Invalid: not a mail")
    assert body(hostile) in reasons


def test_a_mail_that_could_not_be_sent_comes_back_alone_and_is_sent_then(moto, calls) -> None:
    first, second = new_mail(), new_mail()
    call_handler(moto, "mailer", batch())
    with calls.failing("UpdateItem", "InternalServerError", times=2):  # the note of how it went, and the mark
        answer = call_handler(moto, "mailer", batch(body(first), body(second)))

    assert failures(answer) == ["m0"]
    assert len(mailbox(moto, second)) == 1


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", range(4))
def test_wherever_the_worker_dies_the_mail_arrives_once(moto, calls, advance, step: int, after: bool) -> None:
    mail = new_mail()
    call_handler(moto, "mailer", batch())
    with calls.crashing(step, after=after), pytest.raises(Crash):
        call_handler(moto, "mailer", batch(body(mail)))

    for _ in range(2):
        advance(seconds=61)
        assert failures(call_handler(moto, "mailer", batch(body(mail)))) == []

    assert len(mailbox(moto, mail)) == 1


def record(image: dict, number: int = 1) -> dict:
    return {"eventName": "INSERT", "dynamodb": {"SequenceNumber": str(number), "NewImage": image}}


def said(backend, mail: Mail) -> dict:
    """The outbox's item of a mail that left with a change."""
    write([put(organization_item(Organization(str(uuid4()), "Engines", START)))], [mail.to_message()])
    return backend.item("core", f"OUTBOX#{mail.id}", "OUTBOX")


def mails_in(backend) -> list[str]:
    return [json.loads(message["Body"])["id"] for message in backend.messages("mail")]


def test_what_a_change_said_goes_to_its_queue_and_leaves_the_outbox(moto) -> None:
    mail = new_mail()
    image = said(moto, mail)
    moto.messages("mail")

    assert failures(call_handler(moto, "outbox_publisher", {"Records": [record(image)]})) == []

    assert mails_in(moto) == [mail.id]
    assert moto.item("core", f"OUTBOX#{mail.id}", "OUTBOX") is None


@pytest.mark.parametrize(("step", "after", "times"), [(0, False, 1), (0, True, 2), (1, False, 2), (1, True, 2)])
def test_a_publisher_that_dies_sends_again_and_the_mail_arrives_once(moto, calls, step, after, times) -> None:
    mail = new_mail()
    image = said(moto, mail)
    moto.messages("mail")
    call_handler(moto, "outbox_publisher", {"Records": []})
    with calls.crashing(step, after=after), pytest.raises(Crash):
        call_handler(moto, "outbox_publisher", {"Records": [record(image)]})

    assert failures(call_handler(moto, "outbox_publisher", {"Records": [record(image)]})) == []
    delivered = [message["Body"] for message in moto.messages("mail")]
    call_handler(moto, "mailer", batch(*delivered))

    assert len(delivered) == times
    assert len(mailbox(moto, mail)) == 1


def test_an_outbox_item_for_a_queue_nobody_knows_is_put_aside_and_the_stream_goes_on(moto) -> None:
    mail = new_mail()
    image = said(moto, mail)
    moto.messages("mail")
    strange = image | {"queue": {"S": "nowhere"}}

    answer = call_handler(moto, "outbox_publisher", {"Records": [record(strange, 1), record({}, 2), record(image, 3)]})

    assert failures(answer) == []
    assert mails_in(moto) == [mail.id]
    assert all(reason.startswith("UnknownQueue") for _, reason in dead(moto, "outbox_publisher"))


def test_what_cannot_be_sent_now_stays_and_the_batch_comes_back_from_there(moto, calls) -> None:
    mails = [new_mail() for _ in range(3)]
    images = [said(moto, mail) for mail in mails]
    moto.messages("mail")
    call_handler(moto, "outbox_publisher", {"Records": []})
    records = [record(image, number) for number, image in enumerate(images)]
    with calls.failing("SendMessage", "InternalError", times=99):
        answer = call_handler(moto, "outbox_publisher", {"Records": records})

    assert failures(answer) == ["0"]
    assert moto.item("core", f"OUTBOX#{mails[0].id}", "OUTBOX")


@pytest.mark.emulator
def test_twenty_workers_with_the_same_mail_send_it_once(emulator) -> None:
    from groundswell.kernel.clock import utc_now
    from groundswell.mailer.service import MailBusy, MailService, Outcome
    from groundswell.mailer.store import DynamoMailLedger
    from tests.fakes.mail import FakeTransport

    forgetful, mail = FakeTransport(recognises_repeats=False), new_mail()
    service = MailService(forgetful, DynamoMailLedger(), utc_now, new_id)

    def work(_: int) -> str:
        try:
            return service.send(mail)
        except MailBusy:
            return "busy"

    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(work, range(20)))

    assert outcomes.count(Outcome.SENT) == 1
    assert forgetful.deliveries == [mail.id]
