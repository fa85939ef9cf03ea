"""What an SDK hears when we are in trouble, and what the log says."""

import json

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from groundswell.eventlog.writer import Incomplete
from tests.fakes.ingest import KEY, track

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


def test_posthogs_browser_sdk_forgets_what_a_429_refused_so_a_busy_store_is_a_503_there(api):
    api.writer.failure = Incomplete("2 blocks left unprocessed")
    reply = api.post("/e", {"api_key": KEY, "event": "seen", "distinct_id": "ada"})

    assert (reply.status, reply.headers["retry-after"]) == (503, "5")


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
    assert KEY not in json.dumps(line)
