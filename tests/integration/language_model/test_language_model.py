"""The port against aimock, a model's API that none of us wrote, and against a vendor that misbehaves as theirs do."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import httpx
import pytest

from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id, new_secret
from groundswell.language_model.adapter_openai import OpenAiVendor
from groundswell.language_model.adapter_wiring import language_model
from groundswell.language_model.model import (
    AnswerCutOff,
    AnswerRefused,
    BudgetUsedUp,
    Data,
    Form,
    KeyRefused,
    ModelSettings,
    ModelUnreachable,
    NoModel,
    Question,
    Usage,
)
from groundswell.language_model.prices import parse_prices
from groundswell.language_model.service import LanguageModel
from groundswell.language_model.store import DynamoBooks
from groundswell.outbound.adapter_vendor import Vendor, VendorClient
from groundswell.tenancy.usage.model import Quota
from tests.npm_peers import peer
from tests.receiver import Reply, receiver

PLAN = Form(
    "plan",
    {
        "type": "object",
        "properties": {"queries": {"type": "array", "items": {"type": "string"}}, "budget": {"type": "integer"}},
        "required": ["queries", "budget"],
        "additionalProperties": False,
    },
)
VALUE = {"queries": ["growth agencies berlin"], "budget": 5}


@pytest.fixture(scope="module")
def aimock():
    with peer("aimock.mjs") as address:
        yield address


@pytest.fixture
def org_id():
    return new_id()


@pytest.fixture
def books(moto):
    return DynamoBooks(Quota, 100_000, utc_now)


async def _at_once(seconds: float) -> None:
    """Nobody waits."""


def settings(fallback):
    return ModelSettings("gpt-4o", fallback, prices=parse_prices("gpt-4o=2.50/10.00,gpt-4o-mini=0.15/0.60"))


def model_at(url, books, *, patience=20.0, fallback="gpt-4o-mini"):
    vendor = Vendor("Model", url, headers={"Authorization": "Bearer sk-test"})
    client = VendorClient(vendor, sleep=_at_once, jitter=lambda: 0.0, patience=patience)
    return LanguageModel(OpenAiVendor(client), books, settings(fallback), utc_now, new_secret)


def ask(model, org_id, text, form=PLAN, **more):
    return asyncio.run(model.ask(org_id, Question("search.strategy", "Plan.", (Data("goal", text),), form, **more)))


def ledger(books, org_id):
    return books.read(org_id, f"{utc_now():%Y-%m}")


@pytest.mark.parametrize("text", ["a plan for bakeries", "a plan in a block"])
def test_a_plan_comes_back_as_json_and_is_in_the_ledger(aimock, books, org_id, text) -> None:
    reply = ask(model_at(aimock, books), org_id, text)

    assert (reply.value, reply.usage.tokens, reply.repaired) == (VALUE, 120, False)
    read = ledger(books, org_id)
    assert (read.tokens, read.reserved, read.limit) == (120, 0, 100_000)
    assert [(purpose.purpose, purpose.calls, purpose.failed) for purpose in read.purposes] == [
        ("search.strategy", 1, 0)
    ]
    assert read.purposes[0].usage == Usage(100, 20, Decimal("0.00045"))


def test_what_went_out_is_openais_protocol(aimock, books, org_id) -> None:
    ask(model_at(aimock, books), org_id, "a plan for bakeries")

    journal = httpx.get(f"{aimock.removesuffix('/v1')}/__aimock/journal", trust_env=False).json()
    body = journal[-1]["body"]
    assert body["response_format"]["json_schema"] == {"name": "plan", "strict": True, "schema": PLAN.schema}
    assert (body["model"], body["temperature"], body["max_completion_tokens"]) == ("gpt-4o", 0.7, 4096)


def test_words_that_are_no_json_are_mended_once(aimock, books, org_id) -> None:
    reply = ask(model_at(aimock, books), org_id, "a plan that is mended")

    assert (reply.value, reply.repaired, reply.usage.tokens) == (VALUE, True, 240)


def test_an_answer_is_heard_while_it_comes(aimock, books, org_id) -> None:
    heard: list[str] = []
    question = Question("chat.reply", "Answer.", (Data("goal", "plain words"),))

    reply = asyncio.run(model_at(aimock, books).ask(org_id, question, heard.append))

    assert (reply.text, heard[-1], reply.usage.tokens) == ("Hello.", "Hello.", ledger(books, org_id).tokens)
    assert reply.usage.tokens > 0


def test_an_answer_may_be_text(aimock, books, org_id) -> None:
    assert ask(model_at(aimock, books), org_id, "plain words", None).text == "Hello."


def test_an_answer_that_did_not_fit_is_no_answer(aimock, books, org_id) -> None:
    with pytest.raises(AnswerCutOff):
        ask(model_at(aimock, books), org_id, "cut off")
    assert ledger(books, org_id).tokens == 120


def test_what_no_fixture_matches_is_an_outage_and_costs_nothing(aimock, books, org_id) -> None:
    with pytest.raises(ModelUnreachable):
        ask(model_at(aimock, books), org_id, "nobody knows this")
    read = ledger(books, org_id)
    assert (read.tokens, read.purposes[0].failed) == (0, 1)


def test_chaos_is_survived_or_said(aimock, books, org_id) -> None:
    control = f"{aimock.removesuffix('/v1')}/__aimock/chaos"
    httpx.post(control, json={"dropRate": 0.3, "malformedRate": 0.3}, trust_env=False).raise_for_status()
    try:
        model, outcomes = model_at(aimock, books), []
        for _ in range(20):
            try:
                outcomes.append(ask(model, org_id, "a plan for bakeries").value)
            except ModelUnreachable:
                outcomes.append(None)
    finally:
        httpx.delete(control, trust_env=False).raise_for_status()

    assert all(outcome in (VALUE, None) for outcome in outcomes)
    assert VALUE in outcomes
    assert ledger(books, org_id).reserved == 0


def test_many_at_once_never_use_more_than_the_budget(aimock, moto, org_id) -> None:
    books = DynamoBooks(lambda org: Quota(org, model_tokens_per_month=2_500), 0, utc_now)
    model = model_at(aimock, books)

    def one(_: int) -> bool:
        try:
            ask(model, org_id, "a plan for bakeries", max_tokens=100)
        except BudgetUsedUp:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        answered = sum(pool.map(one, range(30)))

    read = ledger(books, org_id)
    assert 0 < answered < 30
    assert (read.tokens, read.reserved) == (answered * 120, 0)
    assert read.tokens <= 2_500


def test_a_call_that_never_ended_stays_counted_until_the_month_is_over(books, org_id) -> None:
    books.reserve(org_id, "2026-11", 900, 1_000)

    with pytest.raises(BudgetUsedUp):
        books.reserve(org_id, "2026-11", 200, 1_000)
    books.reserve(org_id, "2026-12", 200, 1_000)
    assert books.read(org_id, "2026-11").reserved == 900


def completion(text="{}", finish="stop", **message):
    choice = {"message": {"content": text, **message}, "finish_reason": finish}
    return Reply(200, body=json.dumps({"model": "gpt-4o", "choices": [choice]}).encode())


def failure(status, code="", param=None, **headers):
    body = {"error": {"message": "no", "code": code, "param": param}}
    return Reply(status, {name.replace("_", "-"): value for name, value in headers.items()}, json.dumps(body).encode())


def test_a_limited_vendor_is_waited_for(books, org_id) -> None:
    replies = iter([failure(429, "rate_limit_exceeded", Retry_After="2"), failure(500), completion("Hello.")])
    with receiver(lambda _: next(replies)) as vendor:
        assert ask(model_at(vendor.url, books), org_id, "x", None).text == "Hello."


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (failure(401, "invalid_api_key"), KeyRefused),
        (failure(429, "insufficient_quota"), KeyRefused),
        (failure(429, "rate_limit_exceeded", Retry_After="600"), ModelUnreachable),
        (failure(503), ModelUnreachable),
        (failure(404, "model_not_found"), ModelUnreachable),
        (Reply(200, body=b"<html>"), ModelUnreachable),
        (Reply(200, body=b"[]"), ModelUnreachable),
        (Reply(200, body=b'{"choices": []}'), ModelUnreachable),
        (completion("", refusal="I will not"), AnswerRefused),
        (completion("", "content_filter"), AnswerRefused),
        (completion('{"qu', "length"), AnswerCutOff),
    ],
)
def test_each_way_to_fail_has_a_type(books, org_id, reply, error) -> None:
    with receiver(lambda _: reply) as vendor, pytest.raises(error) as raised:
        ask(model_at(vendor.url, books), org_id, "x")
    assert raised.type is error
    assert ledger(books, org_id).reserved == 0


def test_a_model_that_stalls_is_given_up(books, org_id) -> None:
    with receiver(lambda _: Reply(stall=True)) as vendor, pytest.raises(ModelUnreachable):
        ask(model_at(vendor.url, books, patience=0.3), org_id, "x")


def test_an_old_model_is_asked_without_what_it_does_not_know(books, org_id) -> None:
    def old(request):
        body = json.loads(request.body)
        for name in ("response_format", "max_completion_tokens", "temperature"):
            if name in body:
                return failure(400, "unsupported_parameter", name)
        return completion(json.dumps(VALUE))

    with receiver(old) as vendor:
        assert ask(model_at(vendor.url, books), org_id, "x").value == VALUE
    assert json.loads(vendor.requests[-1].body)["max_tokens"] == 4096


def test_another_model_answers_for_one_that_is_not_there(books, org_id) -> None:
    def only_mini(request):
        mini = json.loads(request.body)["model"] == "gpt-4o-mini"
        return completion("Hello.") if mini else failure(404, "model_not_found")

    with receiver(only_mini) as vendor:
        reply = ask(model_at(vendor.url, books), org_id, "x", None)
    assert (reply.text, reply.fell_back) == ("Hello.", True)


def test_the_stage_says_where_and_with_which_key(aimock, moto, org_id) -> None:
    settings = {
        "MODEL": "gpt-4o",
        "FALLBACK_MODEL": "",
        "TEMPERATURE": "0.2",
        "MAX_TOKENS": "64",
        "MONTHLY_TOKENS": "0",
    }
    moto.configure(OPENAI_URL=f"{aimock}/", **{f"OPENAI_{name}": value for name, value in settings.items()})
    language_model.cache_clear()
    try:
        moto.configure(OPENAI_API_KEY="")
        with pytest.raises(NoModel):
            ask(language_model(), org_id, "a plan for bakeries")
        language_model.cache_clear()
        moto.configure(OPENAI_API_KEY="sk-test")
        assert ask(language_model(), org_id, "a plan for bakeries").value == VALUE
    finally:
        language_model.cache_clear()


def test_an_admin_reads_the_ledger_and_nobody_elses(people, aimock, books) -> None:
    owner, stranger = people.sign_up(), people.sign_up()
    ask(model_at(aimock, books), owner.user["org_id"], "a plan for bakeries")

    shown = owner.get("/usage/model").data
    assert (shown["tokens"], shown["cost"], shown["currency"], shown["limit"]) == (120, "0.000450", "USD", 2_000_000)
    assert shown["purposes"][0] == {
        "purpose": "search.strategy",
        "calls": 1,
        "failed": 0,
        "input_tokens": 100,
        "output_tokens": 20,
        "cost": "0.000450",
    }
    assert stranger.get("/usage/model").data["purposes"] == []
    assert stranger.get(f"/usage/model?org_id={owner.user['org_id']}").status == 403
    assert people.member_of(owner).get("/usage/model").status == 403
    assert owner.get("/usage/model?month=2026-13").status == 400
    assert owner.get("/usage/model?month=2026-01").data["tokens"] == 0
