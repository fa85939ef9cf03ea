import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest

from groundswell.language_model.model import (
    AnswerCutOff,
    AnswerRefused,
    AnswerUnusable,
    BudgetUsedUp,
    Call,
    Completion,
    Data,
    Form,
    KeyRefused,
    Ledger,
    ModelFailure,
    ModelSettings,
    ModelUnreachable,
    NoModel,
    Question,
    Reply,
    Usage,
)
from groundswell.language_model.prices import parse_prices
from groundswell.language_model.prompt import chat_of, tokens_at_most
from groundswell.language_model.service import LanguageModel
from tests.clock import Clock

FORM = Form(
    "plan",
    {
        "type": "object",
        "properties": {"queries": {"type": "array", "items": {"type": "string"}}},
        "required": ["queries"],
        "additionalProperties": False,
    },
)
PLAN = Question("search.strategy", "Make a plan.", (Data("goal", "bakeries"),), FORM)
GOOD = Completion("gpt-4o", '{"queries": ["one"]}', "stop", None, 100, 20)


@dataclass
class Books:
    tokens: int = 0
    most: int | None = None
    settled: list[Usage | None] = field(default_factory=list)

    def limit(self, org_id: str) -> int | None:
        return self.most

    def reserve(self, org_id: str, month: str, tokens: int, limit: int | None) -> None:
        if limit is not None and self.tokens + tokens > limit:
            raise BudgetUsedUp(limit)
        self.tokens += tokens

    def settle(self, org_id: str, month: str, purpose: str, reserved: int, usage: Usage | None) -> None:
        self.tokens += (usage.tokens if usage else 0) - reserved
        self.settled.append(usage)

    def read(self, org_id: str, month: str) -> Ledger:
        return Ledger(month, self.tokens, self.most)


@dataclass
class Model:
    """Answers in turn; what is an error is raised."""

    answers: list[Completion | ModelFailure]
    calls: list[Call] = field(default_factory=list)

    async def complete(self, call: Call, on_text=None) -> Completion:
        self.calls.append(call)
        answer = self.answers[len(self.calls) - 1]
        if isinstance(answer, Completion):
            return answer
        raise answer


@pytest.fixture
def books() -> Books:
    return Books()


@pytest.fixture
def ask(books: Books, clock: Clock) -> Callable[..., Reply]:
    def ask(model: Model | None, question: Question = PLAN) -> Reply:
        settings = ModelSettings(
            "gpt-4o", "gpt-4o-mini", prices=parse_prices("gpt-4o=2.50/10.00,gpt-4o-mini=0.15/0.60")
        )
        service = LanguageModel(model, books, settings, clock, lambda: "a-secret-of-ours")
        return asyncio.run(service.ask("org", question))

    return ask


def test_the_answer_is_json_of_the_form_with_what_it_cost(ask, books) -> None:
    model = Model([GOOD])
    reply = ask(model)

    assert reply.value == {"queries": ["one"]}
    assert reply.usage == Usage(100, 20, Decimal("0.00045"))
    assert (reply.repaired, reply.fell_back) == (False, False)
    assert (model.calls[0].temperature, model.calls[0].max_tokens) == (0.7, 4096)
    assert books.tokens == 120


@pytest.mark.parametrize("text", ["Sure!", "{", '{"queries": "one"}', '{"queries": [], "more": 1}', "{}", ""])
def test_an_answer_that_does_not_fit_is_repaired_once(ask, text: str) -> None:
    model = Model([replace(GOOD, text=text), GOOD])
    reply = ask(model)

    assert (reply.value, reply.repaired) == ({"queries": ["one"]}, True)
    assert reply.usage.tokens == 240
    assert model.calls[1].messages[-2] == {"role": "assistant", "content": text}


def test_an_answer_that_never_fits_is_a_typed_failure_and_paid_for(ask, books) -> None:
    with pytest.raises(AnswerUnusable) as failed:
        ask(Model([replace(GOOD, text="Sure!")] * 2))
    assert books.tokens == failed.value.usage.tokens == 240


def test_json_in_a_markdown_block_is_json(ask) -> None:
    assert ask(Model([replace(GOOD, text=f"```json\n{GOOD.text}\n```")])).value == {"queries": ["one"]}


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (replace(GOOD, refusal="I will not"), AnswerRefused),
        (replace(GOOD, finish="content_filter", text=""), AnswerRefused),
        (replace(GOOD, finish="length", text='{"queries": ["on'), AnswerCutOff),
    ],
)
def test_what_repairing_does_not_mend_is_not_asked_again(ask, books, answer, failure) -> None:
    model = Model([answer])
    with pytest.raises(failure):
        ask(model)
    assert (len(model.calls), books.tokens) == (1, 120)


def test_the_fallback_answers_when_the_first_model_does_not(ask, books) -> None:
    model = Model([ModelUnreachable(), replace(GOOD, model="gpt-4o-mini-2024-07-18")])
    reply = ask(model)

    assert (reply.fell_back, [call.model for call in model.calls]) == (True, ["gpt-4o", "gpt-4o-mini"])
    assert reply.usage.cost == Decimal("0.000027")
    assert books.settled == [reply.usage]


def test_when_neither_answers_nothing_is_used(ask, books) -> None:
    with pytest.raises(ModelUnreachable):
        ask(Model([ModelUnreachable(), ModelUnreachable()]))
    assert (books.tokens, books.settled) == (0, [None])


def test_a_key_that_is_refused_is_not_tried_with_another_model(ask) -> None:
    model = Model([KeyRefused()])
    with pytest.raises(KeyRefused):
        ask(model)
    assert len(model.calls) == 1


def test_without_a_key_the_feature_hears_so_by_type(ask) -> None:
    with pytest.raises(NoModel):
        ask(None)


def test_a_budget_may_be_used_up_in_the_middle(ask, books) -> None:
    question = replace(PLAN, max_tokens=100)
    books.most = tokens_at_most(chat_of(question, lambda: "a-secret-of-ours")) + 100
    model = Model([replace(GOOD, text="Sure!"), GOOD])

    with pytest.raises(BudgetUsedUp):
        ask(model, question)
    assert (len(model.calls), books.tokens) == (1, 120)  # the first was made and paid, its repair was not


def test_a_question_may_ask_for_less_and_never_for_more(ask) -> None:
    model = Model([GOOD, GOOD])
    ask(model, replace(PLAN, max_tokens=100, temperature=0.0))
    ask(model, replace(PLAN, max_tokens=100_000))

    assert [(call.max_tokens, call.temperature) for call in model.calls] == [(100, 0.0), (4096, 0.7)]


def test_the_cost_of_an_unknown_model_is_not_known(ask) -> None:
    assert ask(Model([replace(GOOD, model="llama-9")])).usage.cost is None
