import json

import pytest

from groundswell.messaging import batch
from groundswell.messaging.batch import handle_images, handle_messages


class Poison(Exception):
    pass


@pytest.fixture
def buried(monkeypatch) -> list[tuple[str, str]]:
    """What went to the dead letters: (body, reason)."""
    letters: list[tuple[str, str]] = []
    monkeypatch.setattr(batch, "send_to_dlq", lambda body, reason: letters.append((body, reason)))
    return letters


def handle(body: str) -> None:
    if body == "poison":
        raise Poison("cannot be read")
    if body == "unlucky":
        raise ConnectionError


def messages(*bodies: str) -> dict:
    return {"Records": [{"messageId": f"m{number}", "body": body} for number, body in enumerate(bodies)]}


def images(*bodies: str) -> dict:
    made = [{"SequenceNumber": str(number), "NewImage": {"body": {"S": body}}} for number, body in enumerate(bodies)]
    return {"Records": [{"dynamodb": record} for record in made]}


def failures(answer: dict) -> list[str]:
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def test_a_message_that_fails_comes_back_alone(buried) -> None:
    done = []

    answer = handle_messages(
        messages("a", "unlucky", "b"), lambda body: handle(body) or done.append(body), poison=(Poison,)
    )

    assert failures(answer) == ["m1"]
    assert done == ["a", "b"]
    assert buried == []


def test_a_poison_message_is_buried_with_its_reason_and_the_rest_goes_on(buried) -> None:
    answer = handle_messages(messages("a", "poison", "b"), handle, poison=(Poison,))

    assert failures(answer) == []
    assert buried == [("poison", "Poison: cannot be read")]


def test_a_stream_comes_back_from_the_first_failure_on(buried) -> None:
    done = []

    answer = handle_images(
        images("a", "unlucky", "b"), lambda image: handle(image["body"]["S"]) or done.append(image), poison=(Poison,)
    )

    assert failures(answer) == ["1"]
    assert [image["body"]["S"] for image in done] == ["a"]


def test_a_poison_record_never_blocks_its_stream(buried) -> None:
    answer = handle_images(images("poison", "a"), lambda image: handle(image["body"]["S"]), poison=(Poison,))

    assert failures(answer) == []
    assert json.loads(buried[0][0]) == {"body": {"S": "poison"}}


def test_what_cannot_be_buried_comes_back(monkeypatch) -> None:
    def no_queue(*_: str) -> None:
        raise ConnectionError

    monkeypatch.setattr(batch, "send_to_dlq", no_queue)

    assert failures(handle_messages(messages("poison", "a"), handle, poison=(Poison,))) == ["m0"]


def test_the_log_says_which_record_failed_and_why_but_not_what_was_in_it(capsys, monkeypatch) -> None:
    logged = []
    monkeypatch.setattr(batch.log, "exception", lambda message, extra: logged.append((message, extra)))

    handle_messages(messages("unlucky"), handle, poison=(Poison,))

    assert logged == [("record failed", {"record": "m0", "reason": "ConnectionError"})]
