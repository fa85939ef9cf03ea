"""`/_local/`: the mailbox and the clock."""

import json
from datetime import UTC, datetime, timedelta

import pytest

RAW = "From: g@x.test\r\nTo: {to}\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= {n}\r\nX-Toy: 1\r\n\r\nHello {n}\r\n"
ALTERNATIVES = (
    "From: g@x.test\r\nTo: both@x.test\r\nSubject: Both\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/alternative; boundary="b"\r\n\r\n'
    "--b\r\nContent-Type: text/plain\r\n\r\nplain\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>rich</p>\r\n--b--\r\n"
)


def _deliver(stage, to, raw, at):
    for pk in (f"MAILBOX#{to}", "MAILBOX"):
        item = {"pk": {"S": pk}, "sk": {"S": f"{at:015d}#{to}"}, "raw": {"S": raw}}
        stage.aws.dynamodb.put_item(TableName="groundswell-local-ephemeral", Item=item)


def ticks(answer):
    """The due times of the toy that counts them; timers have a schedule of their own."""
    return [fired["due"] for fired in answer["fired"] if fired["schedule"] == "ticker"]


def test_the_mailbox_lists_one_address_newest_first(toy_stage):
    for n in (1, 2):
        _deliver(toy_stage, "ann@x.test", RAW.format(to="ann@x.test", n=n), n)
    _deliver(toy_stage, "bob@x.test", RAW.format(to="bob@x.test", n=3), 3)

    messages = toy_stage.http.get("/_local/mail", params={"to": "Ann@X.test"}).json()["messages"]

    assert [message["subject"] for message in messages] == ["Grüße 2", "Grüße 1"]
    assert messages[0]["to"] == "ann@x.test"
    assert messages[0]["headers"]["X-Toy"] == "1"
    assert messages[0]["text"].strip() == "Hello 2"
    assert messages[0]["html"] is None
    everybody = toy_stage.http.get("/_local/mail").json()["messages"]
    assert [message["to"] for message in everybody] == ["bob@x.test", "ann@x.test", "ann@x.test"]


def test_a_mail_with_two_bodies_shows_both(toy_stage):
    _deliver(toy_stage, "both@x.test", ALTERNATIVES, 0)

    message = toy_stage.http.get("/_local/mail?to=both@x.test").json()["messages"][0]

    assert (message["text"].strip(), message["html"].strip()) == ("plain", "<p>rich</p>")


def test_the_clock_moves_for_handlers_and_for_schedules(toy_stage):
    before = datetime.fromisoformat(toy_stage.http.get("/echo/clock").json()["now"])

    answer = toy_stage.http.post("/_local/clock/advance", json={"seconds": 3600}).json()

    after = datetime.fromisoformat(toy_stage.http.get("/echo/clock").json()["now"])
    assert timedelta(seconds=3600) <= after - before < timedelta(seconds=7200)
    assert answer["offset_seconds"] == toy_stage.http.get("/_local/clock").json()["offset_seconds"] >= 3600
    due = ticks(answer)
    assert 6 <= len(due) <= 7
    assert due == sorted(due)
    assert all(datetime.fromisoformat(at).timestamp() % 600 == 0 for at in due)
    assert dict.fromkeys(due, 1).items() <= toy_stage.rows("ticker").items()


def test_a_long_jump_fires_the_last_24_due_times_once_each(toy_stage):
    answer = toy_stage.http.post("/_local/clock/advance", json={"seconds": 30 * 86400}).json()

    due = ticks(answer)
    assert len(due) == len(set(due)) == 24
    latest = datetime.fromisoformat(due[-1])
    assert timedelta(0) <= datetime.fromisoformat(answer["now"]) - latest < timedelta(minutes=10)
    assert ticks(toy_stage.http.post("/_local/clock/advance", json={"seconds": 0}).json()) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"seconds": -1}',
        b'{"seconds": "5"}',
        b'{"seconds": true}',
        b'{"seconds": NaN}',
        b'{"seconds": 1e99}',
        b'{"seconds": 1, "minutes": 2}',
    ],
)
def test_a_wrong_advance_is_refused_with_a_message_and_moves_nothing(toy_stage, body):
    before = toy_stage.http.get("/_local/clock").json()["offset_seconds"]

    answer = toy_stage.http.post("/_local/clock/advance", content=body)

    assert answer.status_code == 400
    assert "seconds" in answer.json()["message"]
    assert toy_stage.http.get("/_local/clock").json()["offset_seconds"] == before


def test_the_list_names_what_is_there_and_other_paths_and_methods_are_refused(toy_stage):
    assert "GET /_local/clock" in toy_stage.http.get("/_local").json()
    assert toy_stage.http.get("/_local/nothing").status_code == 404
    assert toy_stage.http.get("/_local/clock/advance").status_code == 405


def test_the_events_time_follows_the_clock(toy_stage):
    before = toy_stage.http.get("/_local/clock").json()["now"]
    event = toy_stage.http.get("/echo").json()["event"]
    after = toy_stage.http.get("/_local/clock").json()["now"]

    sent = datetime.fromtimestamp(event["requestContext"]["timeEpoch"] / 1000, UTC)
    assert datetime.fromisoformat(before) - timedelta(milliseconds=1) <= sent <= datetime.fromisoformat(after)


def test_a_due_time_that_fails_three_times_goes_to_the_dead_letters(toy_stage):
    now = datetime.fromisoformat(toy_stage.http.get("/_local/clock").json()["now"]).timestamp()
    interval = 10 * 365 * 86400

    answer = toy_stage.http.post("/_local/clock/advance", json={"seconds": interval - now % interval}).json()

    fired = next(one for one in answer["fired"] if one["schedule"] == "crasher")
    assert fired["status"] == "failed"
    letter = json.loads(toy_stage.letters("crasher-dlq")[0])
    assert letter["requestPayload"] == {"schedule": "crasher", "due": fired["due"]}
    assert (letter["reason"], letter["attempts"]) == ("RuntimeError: never works", 3)
