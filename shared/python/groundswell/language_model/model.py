"""What is asked of a language model, what comes back, and how it can fail."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from groundswell.kernel.errors import Conflict, DomainError, Forbidden, Outage, Unavailable
from groundswell.language_model.stream import OnText


@dataclass(frozen=True)
class Usage:
    """`cost` in US dollars; None where a model's price is not known."""

    input_tokens: int = 0
    output_tokens: int = 0
    cost: Decimal | None = Decimal(0)

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens

    def __add__(self, other: "Usage") -> "Usage":
        known = self.cost is not None and other.cost is not None
        cost = (self.cost or Decimal(0)) + (other.cost or Decimal(0)) if known else None
        return Usage(self.input_tokens + other.input_tokens, self.output_tokens + other.output_tokens, cost)


class ModelFailure(DomainError):
    """There is no usable answer. A feature that has documented rules answers by these instead. `usage` is what the
    calls cost all the same."""

    usage: Usage = Usage()


class NoModel(ModelFailure, Conflict):
    code = "MODEL_NOT_CONFIGURED"
    message = "There is no language model here: OPENAI_API_KEY is missing"


class BudgetUsedUp(ModelFailure, Forbidden):
    code = "QUOTA_EXCEEDED"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"The organization's {limit} tokens of this month are used up: ask an operator of the platform to raise "
            "the quota"
        )


class ModelUnreachable(ModelFailure, Unavailable):
    """Neither model answered."""

    def __init__(self, retry_after: int = 10) -> None:
        Unavailable.__init__(self, Outage("The language model", retry_after))


class KeyRefused(ModelUnreachable):
    """The vendor does not take our key, or the account has no credit: nothing that waiting mends."""


class AnswerUnusable(ModelFailure, Conflict):
    """It is not the JSON that was asked for, also after one repair."""

    code = "MODEL_ANSWER_UNUSABLE"
    message = "The language model gave no usable answer"


class AnswerCutOff(AnswerUnusable):
    """It did not fit into the limit of tokens."""


class AnswerRefused(AnswerUnusable):
    """The model, or its vendor's filter, would not answer."""


@dataclass(frozen=True)
class Data:
    """Text that is not ours: a page, a lead, a visitor's message. It is shown to the model as data that nobody obeys.
    `label` is ours, such as `page`."""

    label: str
    text: str


@dataclass(frozen=True)
class Form:
    """The JSON that is to come back, as a schema in OpenAI's strict subset: every property required, no others."""

    name: str
    schema: Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """`purpose` is the ledger's word for it (`search.strategy`). Without a form the answer is text. None of
    `max_tokens` and `temperature` is the stage's setting."""

    purpose: str
    instructions: str
    data: tuple[Data, ...] = ()
    form: Form | None = None
    max_tokens: int | None = None
    temperature: float | None = None


@dataclass(frozen=True)
class Completion:
    """What one call of one model brought. `finish` is OpenAI's `finish_reason`."""

    model: str
    text: str
    finish: str
    refusal: str | None
    input_tokens: int
    output_tokens: int


@dataclass(frozen=True)
class Reply:
    """`value` is the JSON of a form. `usage` is of all calls that it took."""

    text: str
    value: Any
    model: str
    usage: Usage
    seconds: float
    repaired: bool = False
    fell_back: bool = False


type Chat = tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Call:
    """One call of a model as it goes out."""

    model: str
    messages: Chat
    max_tokens: int
    temperature: float
    form: Form | None = None


@dataclass(frozen=True)
class ModelSettings:
    """`prices`: as `prices.Prices`."""

    model: str
    fallback: str
    temperature: float = 0.7
    max_tokens: int = 4096
    prices: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict)


class Vendor(Protocol):
    async def complete(self, call: Call, on_text: OnText | None = None) -> Completion:
        """`on_text` is told the text while it comes, and from its beginning where a call is made again. Raises
        ModelUnreachable, KeyRefused."""


@dataclass(frozen=True)
class Purpose:
    """What one purpose used in a month."""

    purpose: str
    calls: int
    failed: int
    usage: Usage


@dataclass(frozen=True)
class Ledger:
    """A month of an organization. `reserved`: of calls that run, or whose process died. No `limit` is no limit."""

    month: str
    tokens: int
    limit: int | None
    purposes: tuple[Purpose, ...] = field(default=())

    @property
    def settled(self) -> int:
        return sum(purpose.usage.tokens for purpose in self.purposes)

    @property
    def reserved(self) -> int:
        return max(0, self.tokens - self.settled)
