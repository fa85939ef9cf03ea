"""S8: what people send us in confidence is in no log, whatever goes wrong with it."""

import json
from uuid import uuid4

import pytest

from groundswell.mailer.model import Mail
from tests.gateway import call_handler

CANARIES = {
    "password": "canary-Pa55word-7c1f",
    "email": "canary.person@secret-place.example",
    "phone": "+49 171 5550123",
    "name": "Canaria",
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.Y2FuYXJ5LXNpZw",
    "key": "gp_live_canarycanary0001_canary" + "k" * 37,
}
EVERYTHING = dict(zip(("password", "email", "phone", "first_name", "token", "api_key"), CANARIES.values(), strict=True))
EVERYTHING |= {"refresh_token": CANARIES["jwt"], "new_password": CANARIES["password"], "name": CANARIES["name"]}
PATHS = [
    ("POST", "/auth/register"),
    ("POST", "/auth/login"),
    ("POST", "/auth/token"),
    ("POST", "/auth/refresh"),
    ("POST", "/auth/verify"),
    ("POST", "/auth/verify/resend"),
    ("POST", "/auth/forgot-password"),
    ("POST", "/auth/reset-password"),
    ("PUT", "/users/me"),
    ("POST", "/clients"),
    ("POST", "/clients/canary.person@secret-place.example/api-keys"),
    ("GET", "/clients"),
    ("GET", "/nowhere/canary-Pa55word-7c1f"),
]


@pytest.fixture
def leaks(log_lines, capfd):
    def found() -> list[str]:
        written = json.dumps(log_lines(), ensure_ascii=False) + "".join(capfd.readouterr())
        return [name for name, canary in CANARIES.items() if canary in written]

    return found


def headers() -> dict[str, str]:
    return {
        "authorization": f"Bearer {CANARIES['jwt']}",
        "x-api-key": CANARIES["key"],
        "cookie": f"session={CANARIES['jwt']}",
        "user-agent": CANARIES["email"],
        "idempotency-key": CANARIES["email"] + str(uuid4()),
        "x-client-id": CANARIES["email"],
    }


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_no_field_query_or_header_of_any_route_is_logged(gateway, leaks, log_lines, method: str, path: str) -> None:
    query = f"?email={CANARIES['email']}&token={CANARIES['jwt']}&cursor={CANARIES['password']}"
    for one in EVERYTHING, *({name: value} for name, value in EVERYTHING.items()):
        gateway.call(method, path, one)
        gateway.call(method, path + query, one, headers=headers())
    gateway.call(method, path, json.dumps(EVERYTHING).encode()[:-3], headers={"content-type": "application/json"})

    assert log_lines()
    assert leaks() == []


def test_a_whole_life_leaves_nothing_in_the_log(gateway, moto, leaks, log_lines) -> None:
    from tests.outbox import token_to

    email = f"{uuid4().hex}.{CANARIES['email']}"
    password = CANARIES["password"]
    gateway.post("/auth/register", {"email": email, "password": password, "name": CANARIES["name"]})
    signed_in = gateway.post("/auth/login", {"email": email, "password": password}).json
    created = gateway.post("/dashboard/client-companies", {"name": "Engines"}, token=signed_in["access_token"]).data
    gateway.post("/auth/forgot-password", {"email": email})
    reset = token_to(moto, email)
    gateway.post("/auth/reset-password", {"token": reset, "new_password": password + "2"})

    written = json.dumps(log_lines())
    secrets = [email, signed_in["access_token"], signed_in["refresh_token"], created["api_key"], reset]
    assert [secret for secret in secrets if secret in written] == []
    assert leaks() == []


def test_what_aws_says_when_it_fails_is_not_logged_as_it_is(gateway, calls, leaks, log_lines) -> None:
    message = f"Item {CANARIES['email']} {CANARIES['jwt']} {CANARIES['key']} is bad"
    with calls.failing("TransactWriteItems", "ValidationException", times=99, message=message, Message=message):
        body = {"email": f"{uuid4().hex}@people.example", "password": CANARIES["password"], "name": CANARIES["name"]}
        answer = gateway.post("/auth/register", body)

    assert answer.status == 500
    assert any("stackTrace" in line for line in log_lines())
    assert leaks() == []


def test_no_mail_is_logged_whatever_becomes_of_it(moto, calls, leaks, log_lines) -> None:
    mail = Mail(str(uuid4()), CANARIES["email"], CANARIES["name"], CANARIES["jwt"], CANARIES["key"])
    hostile = Mail(**(vars(mail) | {"id": str(uuid4()), "subject": f"Hi\r\nBcc: {CANARIES['email']}"}))
    bodies = [mail.to_message().body, hostile.to_message().body, json.dumps(EVERYTHING), mail.to_message().body[:-5]]
    batch = {"Records": [{"messageId": f"m{number}", "body": body} for number, body in enumerate(bodies)]}
    call_handler(moto, "mailer", {"Records": []})

    with calls.failing("PutItem", "InternalServerError", times=3):
        call_handler(moto, "mailer", batch)
    call_handler(moto, "mailer", batch)

    assert log_lines()
    assert leaks() == []
