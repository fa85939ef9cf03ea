import json

import pytest

from groundswell.http.problem import problem
from groundswell.kernel.errors import FieldProblem


def test_the_body_serves_every_documented_client() -> None:
    wrong = FieldProblem("email", "format", "not a valid address")

    body = problem(
        400, "VALIDATION_ERROR", "Validation failed", instance="/api/v1/leads", request_id="01J", problems=[wrong]
    )

    assert body == {
        "type": "https://groundswell.dev/errors/validation",
        "title": "Validation failed",
        "status": 400,
        "detail": "email: not a valid address",
        "instance": "/api/v1/leads",
        "status_code": 400,
        "message": "Validation failed",
        "success": False,
        "error": {
            "code": "VALIDATION_ERROR",
            "message": "Validation failed",
            "field": "email",
            "details": {"errors": [{"field": "email", "code": "format", "message": "not a valid address"}]},
            "requestId": "01J",
        },
    }


def test_without_a_field_the_detail_is_the_message() -> None:
    body = problem(404, "NOT_FOUND", "Not found", instance="/x", request_id="01J", details={"why": "gone"})

    assert body["detail"] == "Not found"
    assert body["type"] == "https://groundswell.dev/errors/not-found"
    assert body["error"] == {
        "code": "NOT_FOUND",
        "message": "Not found",
        "details": {"why": "gone"},
        "requestId": "01J",
    }


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("VALIDATION_ERROR", "Validation failed"),
        ("CLIENT_NOT_FOUND", "Client not found"),
        ("INVALID_API_KEY", "Invalid API key"),
        ("TOTP_REQUIRED", "TOTP required"),
    ],
)
def test_a_code_has_one_title_whatever_the_request(code: str, title: str) -> None:
    titles = {problem(409, code, text, instance="/", request_id="1")["title"] for text in ("one", "another")}

    assert titles == {title}


def test_of_many_problems_a_hundred_are_listed_and_no_name_is_longer_than_it_may_be() -> None:
    many = [FieldProblem(f"{number}" + "x" * 900, "extra", "y" * 2_000) for number in range(500)]

    body = problem(400, "VALIDATION_ERROR", "Validation failed", instance="/x", request_id="1", problems=many)

    assert len(body["error"]["details"]["errors"]) == 100
    assert len(json.dumps(body)) < 200_000
    assert body["error"]["details"]["errors"][99]["field"].startswith("99xx")
