"""Events that were turned away can be looked up with their reason, and are counted."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from groundswell.kernel import clock

GOOD = {"type": "track", "event": "Bought", "userId": "ada"}


@pytest.fixture
def owner(moto, people):
    moto.configure(RATE_LIMITS="off")
    return people.sign_up()


@pytest.fixture
def post(gateway, owner):
    made = owner.post(f"/clients/{owner.client_id}/api-keys", {"name": "k", "scopes": ["events:write"]}).data["api_key"]

    def send(*messages):
        answer = gateway.post("=/v1/batch", {"batch": list(messages)}, headers={"x-api-key": made})
        assert answer.status == 200, answer.body
        return answer.json

    return send


def bad(number, **more):
    return {"messageId": f"bad {number}", "type": "track", "event": f"Bad {number}", "properties": "odd", **more}


def test_a_rejected_event_is_shown_with_its_reason_and_what_it_said(owner, post):
    post(GOOD, bad(1, traits={"email": "ada@example.com"}), {"type": "track"})

    first, second = owner.get("/analytics/rejections").data

    assert (first["index"], first["code"], first["event_id"], first["name"]) == (
        1,
        "invalid_field",
        "bad 1",
        "Bad 1",
    )
    assert "properties" in first["message"]
    assert json.loads(first["event"])["properties"] == "odd"
    assert "ada@example.com" not in first["event"]
    assert (second["index"], second["code"], second["event_id"], second["name"]) == (2, "missing_name", None, "track")


def test_pages_show_every_rejected_event_once(owner, post):
    for batch in range(3):
        post(*(bad(f"{batch}-{number}") for number in range(7)))

    seen, cursor = [], ""
    while True:
        answer = owner.get(f"/analytics/rejections?limit=4{cursor}")
        seen += [rejection["event_id"] for rejection in answer.data]
        if not answer.json["meta"]["has_more"]:
            break
        cursor = "&cursor=" + answer.json["meta"]["next_cursor"]

    assert seen == [f"bad {batch}-{number}" for batch in (2, 1, 0) for number in range(7)]


def test_one_reason_can_be_asked_for(owner, post):
    post(bad(1), {"type": "track"}, bad(2))

    rejections = owner.get("/analytics/rejections?code=missing_name").data

    assert [rejection["index"] for rejection in rejections] == [1]


def test_the_summary_counts_by_hour_and_reason(owner, post):
    post(GOOD, bad(1), bad(2), {"type": "track"})
    post(bad(3))

    summary = owner.get("/analytics/rejections/summary").data

    counts = {}
    for row in summary:
        counts[row["code"]] = counts.get(row["code"], 0) + row["count"]
    assert counts == {"invalid_field": 3, "missing_name": 1}


def test_a_warning_of_an_accepted_event_can_be_looked_up_and_repeats_nothing_else_of_it(owner, post):
    post(GOOD | {"messageId": "m1", "properties": {"revenue": "a lot", "note": "secret plans"}})

    (rejection,) = owner.get("/analytics/rejections?code=revenue_unreadable").data

    assert (rejection["accepted"], rejection["event_id"], rejection["name"], rejection["event"]) == (
        True,
        "m1",
        "Bought",
        "",
    )


def test_a_range_is_of_times_of_receipt(owner, post):
    post(bad(1))
    later = (datetime.now(UTC) + timedelta(seconds=5)).isoformat().replace("+00:00", "Z")

    assert owner.get(f"/analytics/rejections?from={later}").data == []
    assert len(owner.get(f"/analytics/rejections?to={later}").data) == 1
    assert owner.get(f"/analytics/rejections/summary?from={later}").data == []


def test_after_seven_days_nothing_is_shown_even_if_it_is_still_there(owner, post, monkeypatch):
    from functions.privacy.verdicts import routes

    post(bad(1))
    service = routes.verdict_service()
    monkeypatch.setattr(service, "_now", lambda: clock.utc_now() + timedelta(days=7, seconds=1))

    assert owner.get("/analytics/rejections").data == []
    assert owner.get("/analytics/rejections/summary").data == []


def test_nobody_else_sees_them(owner, post, people, gateway):
    post(bad(1))
    mallory = people.sign_up()

    for path in ("/analytics/rejections", "/analytics/rejections/summary"):
        assert gateway.get(path).status == 401
        assert mallory.get(path).data == []
        assert mallory.get(f"{path}?client_id={owner.client_id}").status == 404
        assert owner.get(f"{path}?from=yesterday").status == 400


@pytest.fixture
def left_waiting(monkeypatch):
    """Nobody takes from the queue of small requests what these tests count."""
    monkeypatch.setattr("tests.gateway.deliver_arrivals", lambda backend: None)


@pytest.mark.usefixtures("left_waiting")
def test_a_batch_with_rejected_events_takes_one_call_more(moto, owner, post, calls):
    post(GOOD)

    with calls.counted() as made:
        post(GOOD, bad(1), bad(2))

    assert made == ["BatchGetItem", "SendMessage", "BatchWriteItem"]


@pytest.mark.usefixtures("left_waiting")
def test_a_batch_does_not_fail_because_its_verdicts_cannot_be_kept(moto, owner, post, calls, capsys):
    post(GOOD)

    with calls.failing("BatchWriteItem", "ProvisionedThroughputExceededException", times=9):
        answer = post(GOOD, bad(1))

    assert (answer["accepted"], len(answer["rejected"])) == (1, 1)
    assert "verdicts not kept" in capsys.readouterr().out


def test_twenty_thousand_rejected_events_fit(owner, post):
    assert len(post(*({"type": "track"} for _ in range(20_000)))["rejected"]) == 1000

    (tallied,) = owner.get("/analytics/rejections/summary").data
    assert tallied["count"] == 20_000


def test_who_sends_with_a_key_sees_what_was_rejected_of_that_key_alone_and_nothing_of_the_events(gateway, owner, post):
    other = owner.post(f"/clients/{owner.client_id}/api-keys", {"name": "o", "scopes": ["events:write"]}).data[
        "api_key"
    ]
    post(bad(1))
    gateway.post("=/v1/batch", {"batch": [bad(2), {"type": "track"}]}, headers={"x-api-key": other})

    answer = gateway.get("/analytics/rejections/own", headers={"x-api-key": other})

    assert [(rejection["index"], rejection["code"]) for rejection in answer.data] == [
        (0, "invalid_field"),
        (1, "missing_name"),
    ]
    assert set(answer.data[0]) == {"index", "code", "message", "received_at", "accepted"}
    assert owner.get("/analytics/rejections/own").data == []
    assert gateway.get("/analytics/rejections", headers={"x-api-key": other}).status == 403
