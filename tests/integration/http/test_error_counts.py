"""Refusals have their code in the request's line; errors of ours are a metric by code and operation."""

import json

import pytest


def counted(capsys):
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    return [record for record in printed if "Errors" in record]


def request_of(log_lines):
    return [line["metadata"] for line in log_lines() if line["message"] == "request"][-1]


def test_a_refusal_is_logged_with_its_code_and_counts_as_no_error(gateway, log_lines, capsys) -> None:
    gateway.get("/clients")

    request = request_of(log_lines)
    assert (request["route"], request["status"], request["code"]) == ("clients.list", 401, "UNAUTHENTICATED")
    assert counted(capsys) == []


def test_an_error_of_ours_is_counted_by_code_and_operation(people, calls, capsys) -> None:
    owner = people.sign_up()
    capsys.readouterr()
    with calls.failing("GetItem", "InternalServerError", times=99):
        answer = owner.get("/organization")

    assert answer.status >= 500
    [error] = counted(capsys)
    assert (error["code"], error["operation"]) == (answer.code, "organization.get")


@pytest.mark.parametrize("path", ["/health", "/system/info"])
def test_what_went_well_has_no_code(gateway, log_lines, path: str) -> None:
    gateway.get(path)

    assert "code" not in request_of(log_lines)
