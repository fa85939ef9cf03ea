"""A handler's result as an HTTP answer, and its reports of partial failure."""

import json

import pytest

from infra.local.payload import InvalidResult, answer
from infra.local.queues import failed_items


def _answer(result, method="GET"):
    return answer(result, request_id="r", method=method)


@pytest.mark.parametrize(
    ("result", "body"), [({"a": 1}, b'{"a": 1}'), ("plain", b"plain"), ([1, 2], b"[1, 2]"), (None, b"null")]
)
def test_a_result_without_a_status_is_the_body_of_a_json_200(result, body):
    made = _answer(result)

    assert (made.status, made.body) == (200, body)
    assert ("content-type", "application/json") in made.headers


def test_204_and_304_have_no_body_and_no_length():
    for status in (204, 304):
        made = _answer({"statusCode": status, "body": "x"})

        assert made.body == b""
        assert "content-length" not in dict(made.headers)


def test_a_length_given_by_the_handler_is_replaced_by_the_true_one():
    made = _answer({"statusCode": 200, "headers": {"Content-Length": "99", "Connection": "close"}, "body": "ü"})

    assert dict(made.headers)["content-length"] == "2"
    assert "connection" not in dict(made.headers)


@pytest.mark.parametrize(
    "result",
    [
        {"statusCode": None},
        {"statusCode": 42},
        {"statusCode": "x"},
        {"statusCode": 200, "body": {"a": 1}},
        {"statusCode": 200, "body": "%", "isBase64Encoded": True},
    ],
)
def test_a_result_that_is_no_answer_is_refused(result):
    with pytest.raises(InvalidResult):
        _answer(result)


@pytest.mark.parametrize("result", [None, {}, {"batchItemFailures": []}, {"batchItemFailures": None}])
def test_no_reported_failure_means_success(result):
    assert failed_items(["a", "b"], result)[0] == set()


def test_reported_items_fail_alone():
    assert failed_items(["a", "b", "c"], {"batchItemFailures": [{"itemIdentifier": "b"}]})[0] == {"b"}


@pytest.mark.parametrize("item", [{}, {"itemIdentifier": ""}, {"itemIdentifier": "x"}, {"other": "a"}, "a"])
def test_a_report_that_makes_no_sense_fails_the_whole_batch(item):
    assert failed_items(["a", "b"], {"batchItemFailures": [item]})[0] == {"a", "b"}


def test_json_of_the_stages_own_is_compact():
    from infra.local.payload import message

    assert json.loads(message(503, "Service Unavailable").body) == {"message": "Service Unavailable"}
