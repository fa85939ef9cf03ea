"""What every answer looks like, whoever gives it."""

import pytest

from groundswell.http.problem import title_of
from groundswell.kernel import errors
from groundswell.kernel.errors import FieldProblem, Outage, Quota

SECURITY = {
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cache-control": "private, no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}
PROBLEM = {"type", "title", "status", "detail", "instance", "status_code", "message", "success", "error"}
REFUSALS = [
    (errors.Invalid(problems=(FieldProblem("email", "format", "not a valid address"),)), 400, {}),
    (errors.Unauthenticated(), 401, {"www-authenticate": 'Bearer realm="groundswell"'}),
    (errors.Forbidden(), 403, {}),
    (errors.NotFound(), 404, {}),
    (errors.Conflict(details={"state": "closed"}), 409, {}),
    (errors.Gone(), 410, {}),
    (errors.PreconditionFailed(), 412, {}),
    (errors.TooLarge(), 413, {}),
    (errors.UnsupportedMediaType(), 415, {}),
    (errors.Unprocessable(), 422, {}),
    (errors.PreconditionRequired(), 428, {}),
    (errors.RateLimited(Quota("a", 5, 60, 0, 9)), 429, {"retry-after": "9", "ratelimit": '"a";r=0;t=9'}),
    (errors.Unavailable(Outage("search", 7)), 503, {"retry-after": "7"}),
]


@pytest.mark.parametrize(("refusal", "status", "headers"), REFUSALS, ids=lambda value: type(value).__name__)
def test_every_refusal_has_the_one_body_and_its_status(toys, toy, refusal, status, headers) -> None:
    toy.raises = refusal

    answer = toys.get("/raise")

    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json
    assert set(body) == PROBLEM
    assert (body["status"], body["status_code"], body["success"]) == (status, status, False)
    assert body["title"] == title_of(refusal.code)
    assert body["message"] == body["error"]["message"] == refusal.text
    assert body["instance"] == "/api/v1/raise"
    assert body["error"]["code"] == refusal.code
    assert body["error"]["requestId"] == answer.headers["x-request-id"]
    assert {name: answer.headers[name] for name in headers} == headers


def test_a_field_is_named_wherever_a_client_may_look(toys, toy) -> None:
    toy.raises = REFUSALS[0][0]

    body = toys.get("/raise").json

    assert body["detail"] == "email: not a valid address"
    assert body["error"]["field"] == "email"
    assert body["error"]["details"]["errors"] == [
        {"field": "email", "code": "format", "message": "not a valid address"}
    ]


def test_a_crash_tells_its_request_id_and_nothing_else(toys, toy, capfd) -> None:
    toy.raises = RuntimeError("table groundswell-prod-core in arn:aws:dynamodb is gone")

    answer = toys.get("/raise")

    assert (answer.status, answer.code) == (500, "INTERNAL_ERROR")
    assert b"groundswell-prod" not in answer.body
    assert b"RuntimeError" not in answer.body
    assert answer.json["error"]["requestId"] == answer.headers["x-request-id"]


def test_a_crash_is_logged_with_its_stack_and_has_a_request_line(toys, toy, log_lines) -> None:
    toy.raises = RuntimeError("boom")

    request_id = toys.get("/raise").headers["x-request-id"]

    crash, request = log_lines()
    assert (crash["level"], crash["metadata"]["request_id"]) == ("ERROR", request_id)
    assert "boom" in crash["stackTrace"]
    assert (request["metadata"]["status"], request["metadata"]["request_id"]) == (500, request_id)


def test_success_has_the_one_envelope(toys) -> None:
    answer = toys.post("/things", {"name": "bolt"})

    assert answer.status == 201
    assert answer.json == {"status_code": 201, "message": "Created", "data": {"name": "bolt 1"}}


def test_every_answer_has_the_headers_that_protect_it(toys, toy) -> None:
    for answer in (
        toys.get("/things/1"),
        toys.get("/raise"),
        toys.get("/nowhere"),
        toys.call("PATCH", "/things"),
        toys.call("HEAD", "/things/1"),
        toys.post("/things", b"{", headers={"content-type": "application/json"}),
    ):
        assert SECURITY.items() <= answer.headers.items()
        assert answer.headers["x-request-id"]


def test_every_request_has_an_id_of_its_own_whatever_the_caller_claims(toys) -> None:
    ids = [toys.get("/things/1", headers={"x-request-id": "mine"}).headers["x-request-id"] for _ in range(3)]

    assert len(set(ids)) == 3
    assert "mine" not in ids


def test_malformed_json_is_told_where(toys) -> None:
    answer = toys.post("/things", b'{"name": "bolt",}', headers={"content-type": "application/json"})

    assert (answer.status, answer.code) == (400, "VALIDATION_ERROR")
    assert answer.json["error"]["field"] == "body"
    assert "position 15:" in answer.json["detail"]


@pytest.mark.parametrize(
    "body", [b"\xff\xfe", b"[" * 200_000, b'{"name": ' * 50_000, b'{"name": "\\ud800"}', b"NaN", b"[]", b"1"]
)
def test_a_body_that_is_no_json_object_is_bad_input(toys, body: bytes) -> None:
    answer = toys.post("/things", body, headers={"content-type": "application/json"})

    assert (answer.status, answer.code) == (400, "VALIDATION_ERROR")


def test_no_body_is_bad_input_and_another_content_type_is_not_supported(toys) -> None:
    form = toys.post("/things", b"name=bolt", headers={"content-type": "application/x-www-form-urlencoded"})

    assert toys.post("/things").status == 400
    assert (form.status, form.code) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"name": "bolt", "colour": "red"}, "colour", "extra_forbidden"),
        ({}, "name", "missing"),
        ({"name": 5}, "name", "string_type"),
        ({"name": ""}, "name", "string_too_short"),
        ({"name": "a\r\nb"}, "name", "value_error"),
        ({"name": "bolt", "size": "big"}, "size", "int_parsing"),
    ],
)
def test_bad_input_names_the_field(toys, body: dict, field: str, code: str) -> None:
    answer = toys.post("/things", body)

    assert answer.status == 400
    assert answer.json["error"]["field"] == field
    assert answer.json["error"]["details"]["errors"][0]["code"] == code


def test_a_bad_query_names_the_parameter(toys) -> None:
    assert toys.get("/things?limit=0").json["error"]["field"] == "limit"
    assert toys.get("/things?limit=lots").json["error"]["field"] == "limit"


def test_an_unknown_path_is_a_problem_too(gateway, toys) -> None:
    for answer in (toys.get("/nowhere"), gateway.get("/nowhere/at/all"), gateway.call("POST", "=/")):
        assert answer.headers["content-type"] == "application/problem+json"
    assert toys.get("/nowhere").status == 404
    assert gateway.get("/nowhere/at/all").code == "NOT_FOUND"


def test_an_unknown_method_hears_of_all_there_are(toys) -> None:
    answer = toys.call("PATCH", "/things/1")

    assert (answer.status, answer.code) == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["allow"] == "DELETE, GET, HEAD, OPTIONS, PUT"
    assert toys.call("DELETE", "/things").headers["allow"] == "GET, HEAD, OPTIONS, POST"


def test_head_is_get_without_the_body(toys) -> None:
    get, head = toys.get("/things/1"), toys.call("HEAD", "/things/1")

    assert (head.status, head.body) == (200, b"")
    assert head.headers["etag"] == get.headers["etag"]
    assert toys.call("HEAD", "/nowhere").status == 404


@pytest.mark.parametrize("prefix", ["/api/v1", "/api", ""])
@pytest.mark.parametrize("slash", ["", "/"])
def test_a_path_has_three_spellings_and_may_end_in_a_slash(toys, prefix: str, slash: str) -> None:
    answer = toys.get(f"={prefix}/things/7{slash}")

    assert (answer.status, answer.data["name"]) == (200, "7")
    assert toys.post(f"={prefix}/things{slash}", {"name": "bolt"}).status == 201


def test_a_problem_names_the_path_as_it_was_spelled(toys) -> None:
    assert toys.get("=/api/nowhere").json["instance"] == "/api/nowhere"


def test_what_the_caller_has_is_not_sent_again(toys) -> None:
    etag = toys.get("/things/1").headers["etag"]

    for known in (etag, f"W/{etag}", f'"9", {etag}', "*"):
        answer = toys.get("/things/1", headers={"if-none-match": known})
        assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", etag)
    assert toys.get("/things/1", headers={"if-none-match": '"2"'}).status == 200
    assert toys.get("/raise", headers={"if-none-match": "*"}).status == 500


def test_a_change_to_another_version_than_the_one_read_is_refused(toys) -> None:
    def put(tag: str | None) -> int:
        return toys.put("/things/1", {"name": "bolt"}, headers={"if-match": tag} if tag else {}).status

    assert (put(None), put('"3"'), put("*")) == (200, 200, 200)
    assert (put('"2"'), put('W/"3"')) == (412, 412)
    assert put("3") == 400


def test_a_browser_may_ask_first(toys, moto) -> None:
    moto.configure(FRONTEND_ORIGINS="https://app.example")
    headers = {"origin": "https://app.example", "access-control-request-method": "PUT"}

    preflight = toys.call("OPTIONS", "/things/1", headers=headers)
    answer = toys.get("/things/1", headers={"origin": "https://app.example"})
    stranger = toys.get("/things/1", headers={"origin": "https://evil.example"})

    assert (preflight.status, preflight.body) == (204, b"")
    assert preflight.headers["access-control-allow-origin"] == "https://app.example"
    assert answer.headers["access-control-allow-origin"] == "https://app.example"
    assert "access-control-allow-origin" not in stranger.headers


def test_aws_being_throttled_is_an_outage_and_not_a_mistake(toys, calls) -> None:
    toys.get("/limited")
    with calls.failing("UpdateItem", "ProvisionedThroughputExceededException", times=99):
        answer = toys.get("/limited")

    assert (answer.status, answer.code) == (503, "SERVICE_UNAVAILABLE")
    assert answer.headers["retry-after"] == "5"


def test_a_moment_of_throttling_is_not_felt(toys, calls) -> None:
    with calls.failing("UpdateItem", "ThrottlingException", times=1) as attempts:
        assert toys.get("/limited").status == 200

    assert len(attempts) >= 2


@pytest.mark.parametrize("host", ["evil.example/elsewhere?", "evil.example#", "evil.example", "[", ""])
def test_what_was_asked_for_does_not_follow_the_host_header(toys, host) -> None:
    answer = toys.get("=/api/nowhere", headers={"host": host})

    assert answer.json["instance"] == "/api/nowhere"


def test_what_was_asked_for_is_a_uri_reference(toys) -> None:
    assert toys.get("=/api/no%20where%3F%22").json["instance"] == "/api/no%20where%3F%22"
