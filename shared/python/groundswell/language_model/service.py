"""Asks: the first model, then the fallback; once more where the answer does not fit; all of it within the budget."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from groundswell.language_model.forms import Misfit, read_form
from groundswell.language_model.model import (
    AnswerCutOff,
    AnswerRefused,
    AnswerUnusable,
    Call,
    Chat,
    Completion,
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
    Vendor,
)
from groundswell.language_model.prices import usage_of
from groundswell.language_model.prompt import chat_of, repair_of, tokens_at_most
from groundswell.language_model.stream import OnText


class Books(Protocol):
    """The ledger. A reservation is kept until it is settled: of a process that dies, it stays counted."""

    def limit(self, org_id: str) -> int | None:
        """Tokens a month; None is no limit."""

    def reserve(self, org_id: str, month: str, tokens: int, limit: int | None) -> None:
        """Raises BudgetUsedUp when fewer are left."""

    def settle(self, org_id: str, month: str, purpose: str, reserved: int, usage: Usage | None) -> None:
        """Without usage the call failed, and what was reserved is free again."""

    def read(self, org_id: str, month: str) -> Ledger: ...


@dataclass
class _Asking:
    """One question on its way."""

    vendor: Vendor
    org_id: str
    question: Question
    on_text: OnText | None = None
    usage: Usage = field(default_factory=Usage)
    fell_back: bool = False
    repaired: bool = False


class LanguageModel:
    """`vendor` is None where the stage has no key."""

    def __init__(
        self,
        vendor: Vendor | None,
        books: Books,
        settings: ModelSettings,
        now: Callable[[], datetime],
        new_secret: Callable[[], str],
    ) -> None:
        self._vendor = vendor
        self._books = books
        self._settings = settings
        self._now = now
        self._new_secret = new_secret

    @property
    def is_configured(self) -> bool:
        return self._vendor is not None

    async def ask(self, org_id: str, question: Question, on_text: OnText | None = None) -> Reply:
        """`on_text` is told the answer while it is written, for whoever polls: what it heard may still change.

        Raises ModelFailure: NoModel, BudgetUsedUp, ModelUnreachable, KeyRefused, AnswerUnusable (AnswerCutOff,
        AnswerRefused). What calls cost that brought nothing usable is in the ledger all the same, and in the failure's
        `usage`."""
        if self._vendor is None:
            raise NoModel
        began, asking = self._now(), _Asking(self._vendor, org_id, question, on_text)
        try:
            completion, value = await self._answered(asking)
        except ModelFailure as failure:
            failure.usage = asking.usage
            raise
        seconds = (self._now() - began).total_seconds()
        return Reply(completion.text, value, completion.model, asking.usage, seconds, asking.repaired, asking.fell_back)

    async def _answered(self, asking: _Asking) -> tuple[Completion, Any]:
        chat = chat_of(asking.question, self._new_secret)
        completion = await self._call(asking, chat)
        if asking.question.form:
            return await self._fitted(asking, asking.question.form, chat, completion)
        return completion, None

    async def _fitted(self, asking: _Asking, form: Form, chat: Chat, completion: Completion) -> tuple[Completion, Any]:
        """The answer that fits the form: this one, or the one after it."""
        try:
            return completion, read_form(completion.text, form)
        except Misfit as misfit:
            again = repair_of(chat, completion.text, str(misfit), form)
        asking.repaired = True
        mended = await self._call(asking, again)
        try:
            return mended, read_form(mended.text, form)
        except Misfit as misfit:
            raise AnswerUnusable from misfit

    async def _call(self, asking: _Asking, chat: Chat) -> Completion:
        completion = await self._paid(asking, self._of(asking.question, chat))
        if completion.refusal is not None or completion.finish == "content_filter":
            raise AnswerRefused
        if completion.finish == "length":
            raise AnswerCutOff
        return completion

    async def _paid(self, asking: _Asking, call: Call) -> Completion:
        month, most = f"{self._now():%Y-%m}", tokens_at_most(call.messages) + call.max_tokens
        self._books.reserve(asking.org_id, month, most, self._books.limit(asking.org_id))
        usage = None
        try:
            completion = await self._complete(asking, call)
            usage = usage_of(completion, self._settings.prices)
        finally:
            self._books.settle(asking.org_id, month, asking.question.purpose, most, usage)
        asking.usage += usage
        return completion

    async def _complete(self, asking: _Asking, call: Call) -> Completion:
        try:
            return await asking.vendor.complete(call, asking.on_text)
        except KeyRefused:
            raise
        except ModelUnreachable:
            if self._settings.fallback in ("", call.model):
                raise
        asking.fell_back = True
        return await asking.vendor.complete(replace(call, model=self._settings.fallback), asking.on_text)

    def _of(self, question: Question, chat: Chat) -> Call:
        most = min(question.max_tokens or self._settings.max_tokens, self._settings.max_tokens)
        temperature = self._settings.temperature if question.temperature is None else question.temperature
        return Call(self._settings.model, chat, most, temperature, question.form)
