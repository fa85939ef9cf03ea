"""The gateway in front of real handlers in real processes."""

import base64
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest


def test_a_request_reaches_the_handler_as_a_payload_2_event(toy_stage):
    answer = toy_stage.http.post(
        "/api/v1/echo/a%20b/parts?x=1&y=&x=2%2C3",
        content=b'{"n": 1}',
        headers=[
            ("content-type", "application/json"),
            ("X-Twice", "one"),
            ("x-twice", "two"),
            ("cookie", "a=1; b=2"),
            ("user-agent", "toy/1"),
        ],
    )
    event = answer.json()["event"]

    assert event["version"] == "2.0"
    assert event["routeKey"] == "ANY /api/v1/echo/{id}/parts"
    assert event["rawPath"] == "/api/v1/echo/a b/parts"
    assert event["rawQueryString"] == "x=1&y=&x=2%2C3"
    assert event["queryStringParameters"] == {"x": "1,2,3", "y": ""}
    assert event["pathParameters"] == {"id": "a b"}
    assert event["headers"]["x-twice"] == "one,two"
    assert "cookie" not in event["headers"]
    assert event["cookies"] == ["a=1", "b=2"]
    assert event["body"] == '{"n": 1}'
    assert event["isBase64Encoded"] is False
    http = event["requestContext"]["http"]
    assert http == {
        "method": "POST",
        "path": "/api/v1/echo/a b/parts",
        "protocol": "HTTP/1.1",
        "sourceIp": "127.0.0.1",
        "userAgent": "toy/1",
    }
    assert event["requestContext"]["requestId"] == answer.headers["apigw-requestid"]


@pytest.mark.parametrize(
    ("content_type", "content"),
    [("application/json", b"\xff\xfe"), ("application/octet-stream", b"text"), ("text/plain", b"\x1f\x8b\x08\x00")],
)
def test_a_body_that_is_not_text_arrives_whole(toy_stage, content_type, content):
    event = toy_stage.http.post("/echo", content=content, headers={"content-type": content_type}).json()["event"]

    assert event["isBase64Encoded"] is True
    assert base64.b64decode(event["body"]) == content


@pytest.mark.parametrize("path", ["//echo/1", "///api/v1/echo/1"])
def test_a_doubled_slash_at_the_beginning_is_one(toy_stage, path):
    answer = toy_stage.http.get(httpx.URL(str(toy_stage.http.base_url)).copy_with(raw_path=path.encode()))

    assert answer.status_code == 200


def test_the_log_line_of_a_call_shows_no_key_and_no_address(toy_stage):
    toy_stage.http.get("/echo/gp_live_abc_secret-x/ada@example.com")

    line = next(line for line in toy_stage.process.stdout if "GET /echo/" in line and "parts" not in line)
    assert "secret" not in line
    assert "ada" not in line


def test_the_log_says_when_a_browser_may_not_read_the_answer(toy_stage):
    toy_stage.http.get("/echo/cross-site", headers={"origin": "https://elsewhere.example"})

    line = next(line for line in toy_stage.process.stdout if "GET /echo/cross-site" in line)
    assert "200 origin https://elsewhere.example refused" in line


def test_a_forged_forwarding_header_does_not_change_the_source_address(toy_stage):
    event = toy_stage.http.get("/echo", headers={"x-forwarded-for": "203.0.113.9"}).json()["event"]

    assert event["requestContext"]["http"]["sourceIp"] == "127.0.0.1"


def test_the_answer_is_what_the_handler_returned(toy_stage):
    answer = toy_stage.http.get("/echo/shaped")

    assert answer.status_code == 418
    assert answer.headers["x-toy"] == "yes"
    assert answer.headers.get_list("set-cookie") == ["a=1; Path=/", "b=2"]
    assert answer.content == b"\x89PNG"


def test_head_answers_without_a_body(toy_stage):
    answer = toy_stage.http.head("/echo/shaped")

    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (418, b"", "4")


@pytest.mark.parametrize("word", ["raise", "exit", "shapeless", "huge"])
def test_a_handler_that_fails_is_an_internal_server_error_and_the_next_call_works(toy_stage, word):
    answer = toy_stage.http.get(f"/echo/{word}")

    assert (answer.status_code, answer.json()) == (500, {"message": "Internal Server Error"})
    assert toy_stage.http.get("/echo").status_code == 200


def test_a_handler_that_overruns_its_timeout_is_replaced(toy_stage):
    answer = toy_stage.http.get("/sluggard")

    assert (answer.status_code, answer.json()) == (500, {"message": "Internal Server Error"})
    assert toy_stage.http.get("/sluggard?quick").status_code == 200


def test_concurrent_calls_run_in_several_processes_and_none_is_lost(toy_stage):
    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(lambda _: toy_stage.http.get("/echo/slow?1").json()["pid"], range(8)))

    assert 2 <= len(set(answers)) <= 4


def test_a_body_over_ten_megabytes_is_refused(toy_stage):
    answer = toy_stage.http.post("/echo", content=b"x" * (10 * 1024 * 1024 + 1))

    assert answer.status_code == 413


def test_a_path_that_nobody_owns_is_not_found(toy_stage):
    assert toy_stage.http.get("/nobody").status_code == 404
    assert toy_stage.http.get("/api/v1/v1/batch").status_code == 404
    assert toy_stage.http.get("/v1/batch").status_code == 200


def test_a_function_sees_what_it_declares_and_nothing_of_the_host(start, tmp_path):
    with start(tmp_path, GROUNDSWELL_SMTP_URL="smtp://127.0.0.1:1025", HOST_SECRET="x") as stage:
        seen = stage.http.get("/echo/environment").json()

    assert seen["TABLE_CORE"] == "groundswell-local-core"
    assert seen["QUEUE_JOBS"].endswith("/groundswell-local-jobs")
    assert seen["SECRET_SIGNING"] == "groundswell-local-signing"
    assert (seen["STAGE"], seen["SERVICE"]) == ("local", "echo")
    assert (seen["MAIL_TRANSPORT"], seen["SMTP_URL"]) == ("smtp", "smtp://127.0.0.1:1025")
    assert "SIGNUP_MODE" not in seen
    assert "HOST_SECRET" not in seen
    assert not any(name.startswith("GROUNDSWELL_") for name in seen)


def test_the_stage_goes_on_when_nobody_reads_its_output(toy_stage):
    """The fixture stops reading at `ready`; a pipe holds 64 KiB."""
    wide = "x" * 2000

    answers = [toy_stage.http.get(f"/echo/{wide}").status_code for _ in range(60)]

    assert answers == [200] * 60
