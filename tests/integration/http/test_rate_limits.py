"""R8: a limit of n lets exactly n pass, however many come at once."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from groundswell.http.ratelimit import MINUTE, RateLimit, RateLimiter
from groundswell.kernel.clock import utc_now
from groundswell.kernel.errors import RateLimited
from groundswell.storage.client import secrets

LIMIT = RateLimit("test", 20, MINUTE, "ip")


def passes(limiter: RateLimiter, limit: RateLimit, subject: str) -> bool:
    try:
        limiter.take(limit, subject)
    except RateLimited:
        return False
    return True


@pytest.mark.emulator
def test_of_two_hundred_concurrent_calls_exactly_twenty_pass(emulator) -> None:
    limiter, subject = RateLimiter(utc_now), str(uuid4())

    with ThreadPoolExecutor(50) as pool:
        passed = list(pool.map(lambda _: passes(limiter, LIMIT, subject), range(200)))

    assert sum(passed) == 20


@pytest.mark.emulator
def test_when_a_window_ends_under_load_the_next_one_is_as_exact(emulator, advance) -> None:
    limiter, subject = RateLimiter(utc_now), str(uuid4())
    for _ in range(20):
        limiter.take(LIMIT, subject)
    advance(seconds=61)

    with ThreadPoolExecutor(50) as pool:
        passed = list(pool.map(lambda _: passes(limiter, LIMIT, subject), range(100)))

    assert sum(passed) == 20


def test_a_window_opens_at_its_first_call(moto, clock) -> None:
    limiter, subject = RateLimiter(clock), str(uuid4())
    clock.advance(seconds=59)
    assert limiter.take(LIMIT, subject).reset == 60

    clock.advance(seconds=59)
    assert limiter.take(LIMIT, subject).reset == 1
    for _ in range(18):
        limiter.take(LIMIT, subject)
    with pytest.raises(RateLimited) as refused:
        limiter.take(LIMIT, subject)
    assert refused.value.quota.reset == 1

    clock.advance(seconds=1)
    assert limiter.take(LIMIT, subject).remaining == 19


def test_a_refused_call_does_not_make_the_wait_longer(moto, clock) -> None:
    limiter, subject = RateLimiter(clock), str(uuid4())
    for _ in range(20):
        limiter.take(LIMIT, subject)
    for _ in range(5):
        clock.advance(seconds=10)
        assert not passes(limiter, LIMIT, subject)

    clock.advance(seconds=10)

    assert passes(limiter, LIMIT, subject)


def test_operations_and_callers_have_windows_of_their_own(moto, clock) -> None:
    limiter, one = RateLimiter(clock), RateLimit("one", 1, MINUTE, "ip")

    assert passes(limiter, one, "a")
    assert passes(limiter, one, "b")
    assert passes(limiter, RateLimit("two", 1, MINUTE, "ip"), "a")
    assert passes(limiter, RateLimit("one", 1, MINUTE, "email"), "a")
    assert not passes(limiter, one, "a")


def test_an_open_window_costs_one_call(moto, clock, calls) -> None:
    limiter, subject = RateLimiter(clock), str(uuid4())
    limiter.take(LIMIT, subject)

    with calls.counted() as made:
        limiter.take(LIMIT, subject)

    assert made == ["UpdateItem"]


def test_the_headers_count_down(toys) -> None:
    answers = [toys.get("/limited") for _ in range(4)]

    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["ratelimit"].partition(";t=")[0] for answer in answers] == [
        f'"toys.limited";r={left}' for left in (2, 1, 0, 0)
    ]
    assert {answer.headers["ratelimit-policy"] for answer in answers} == {'"toys.limited";q=3;w=60'}
    assert answers[3].code == "RATE_LIMITED"
    assert 1 <= int(answers[3].headers["retry-after"]) <= 60


def test_after_the_time_told_it_works_again(toys, advance) -> None:
    for _ in range(3):
        toys.get("/limited")
    wait = int(toys.get("/limited").headers["retry-after"])

    advance(seconds=wait)

    assert toys.get("/limited").status == 200


def test_aliases_and_spellings_share_one_budget(toys) -> None:
    statuses = [toys.get(path).status for path in ("/limited", "=/api/alias", "=/limited/", "/alias", "=/alias")]

    assert statuses == [200, 200, 200, 429, 429]


def test_claiming_another_address_does_not_help(toys) -> None:
    for number in range(3):
        toys.get("/limited", headers={"x-forwarded-for": f"203.0.113.{number}"})

    claims = {
        "x-forwarded-for": "203.0.113.9",
        "cloudfront-viewer-address": "203.0.113.9:1",
        "x-origin-secret": "guess",
    }
    assert toys.get("/limited", headers=claims).status == 429
    assert toys.get("/limited", ip="192.0.2.200").status == 200


def test_behind_cloudfront_each_viewer_has_a_budget_and_who_walks_around_it_gets_no_answer(toys, moto) -> None:
    made = secrets().create_secret(Name=f"origin-{uuid4()}", SecretString="only CloudFront knows")
    moto.configure(SECRET_ORIGIN=made["ARN"])
    through = {"x-origin-secret": "only CloudFront knows"}

    for viewer, status in (("203.0.113.1", 200), ("203.0.113.1", 429), ("203.0.113.2", 200)):
        responses = [toys.get("/limited", headers=through | {"x-viewer-address": viewer}) for _ in range(3)]
        assert responses[-1].status == status
    assert toys.get("/limited").status == toys.get("/limited", headers={"x-origin-secret": "guess"}).status == 403


def test_limits_can_be_lifted_for_load_tests(toys, moto) -> None:
    moto.configure(RATE_LIMITS="off")

    answers = [toys.get("/limited") for _ in range(5)]

    assert {answer.status for answer in answers} == {200}
    assert "ratelimit" not in answers[0].headers


@pytest.mark.parametrize("paths", [("/auth/forgot-password", "/auth/reset-password")])
def test_no_spelling_of_an_address_multiplies_its_budget(gateway, paths) -> None:
    spellings = [
        "ada@bücher.example",
        "ADA@bücher.example",
        "ada@xn--bcher-kva.example",
        "ada@bu\u0308cher.example",
        " ada@bücher。example ",
    ]
    statuses = [
        gateway.post(paths[number % 2], {"email": spelling}).status for number, spelling in enumerate(spellings)
    ]
    assert statuses == [202] * 5

    assert gateway.post(paths[0], {"email": "Ada@Bücher.Example"}, ip="192.0.2.201").status == 429


@pytest.mark.parametrize(
    "email", ["x" * 5000, "x" * 5000 + "@example.com", "", 5, None, {"a": 1}, "\ud800@example.com", "no address"]
)
def test_what_is_no_address_is_bad_input_whatever_its_size(gateway, email) -> None:
    assert gateway.post("/auth/forgot-password", {"email": email}).status == 400
