"""What an SDK hears when we are in trouble, and what the log says."""

import json

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from groundswell.events.eventlog.adapter_writer import Incomplete
from tests.fakes.ingest import KEY, NOW, grant, track

AWAY, BUSY = (503, "SERVICE_UNAVAILABLE"), (429, "OVERLOADED")


FAILURES = [
    (EndpointConnectionError(endpoint_url="https://dynamodb"), AWAY),
    (ClientError({"Error": {"Code": "ProvisionedThroughputExceededException", "Message": "slow"}}, "PutItem"), BUSY),
    (Incomplete("2 blocks left unprocessed"), BUSY),
]


@pytest.mark.parametrize(("failure", "expected"), FAILURES, ids=lambda value: type(value).__name__)
def test_a_store_that_is_away_or_asked_too_much_asks_the_sdk_to_come_back(api, failure, expected):
    api.writer.failure = failure
    reply = api.post("/v1/batch", {"batch": [track()]})

    assert (reply.status, reply.json["error"]["code"]) == expected
    assert int(reply.headers["retry-after"]) > 0


SEEN = {"api_key": KEY, "event": "seen", "distinct_id": "ada"}
BROWSERS = [(path, SEEN) for path in ("/e", "/e/", "/i/v0/e", "/i/v0/e/", "/s", "/engage")]
OTHERS = [
    *((path, SEEN) for path in ("/capture", "/track")),
    *((path, {"api_key": KEY, "batch": [SEEN]}) for path in ("/batch", "/i/v1/analytics/events")),
    ("/v1/track", track()),
    ("/v1/batch", {"batch": [track()]}),
    ("/sdk/event", {"type": "track", "event": "seen"}),
    ("/events", {"type": "track", "event": "seen"}),
    ("/v0/raw_events", [{"type": "track", "event": "seen", "anonymous_id": "a"}]),
]


@pytest.mark.parametrize(("path", "body"), BROWSERS)
def test_posthogs_browser_sdk_forgets_what_a_429_refused_so_a_busy_store_is_a_503_there(api, path, body):
    api.writer.failure = Incomplete("2 blocks left unprocessed")
    reply = api.post(path, body)

    assert (reply.status, reply.headers["retry-after"]) == (503, "5")


@pytest.mark.parametrize(("path", "body"), OTHERS)
def test_every_other_sdk_is_told_to_send_less_and_when_to_come_back(api, path, body):
    api.writer.failure = Incomplete("2 blocks left unprocessed")
    reply = api.post(path, body)

    assert (reply.status, reply.headers["retry-after"]) == (429, "5")


@pytest.mark.parametrize(("path", "body"), [*BROWSERS, *OTHERS])
def test_what_no_repeat_can_help_is_no_trouble_of_ours(api, path, body):
    api.keys.grants["public000001"] = grant(blocked_until=int(NOW.timestamp()) + 3600)
    used_up = api.post(path, body)
    api.keys.grants["public000001"] = grant(is_active=False)
    revoked = api.post(path, body)

    assert (used_up.status, used_up.json["error"]["code"], used_up.headers["retry-after"]) == (
        429,
        "QUOTA_EXCEEDED",
        "3600",
    )
    assert revoked.status == 401


def test_a_bug_is_answered_without_internals_and_logged_whole(api, capsys):
    api.writer.failure = ZeroDivisionError("inner workings of someone@example.com")
    reply = api.post("/v1/batch", {"batch": [track()]})

    assert reply.status == 500
    assert "inner" not in json.dumps(reply.json)
    log = capsys.readouterr().out
    assert "ZeroDivisionError" in log
    assert "someone@example.com" not in log


def test_a_request_is_one_log_line_with_its_counts_as_metrics(api, capsys):
    api.post("/v1/batch", {"batch": [track(), {"type": "x"}]})

    line = json.loads(capsys.readouterr().out)
    assert (line["EventsAccepted"], line["EventsRejected"]) == (1, 1)
    assert line["level"] == "INFO"
    assert line["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Groundswell"
    assert line["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["service", "stage"]]
    assert line["stage"] == "local"
    assert KEY not in json.dumps(line)
