"""From a visit to a wallet, a transaction, a confirmed one: each a funnel of its own."""

from groundswell.analytics.questions.fields import Field
from groundswell.analytics.questions.filters import Condition, Match, Operator
from groundswell.analytics.questions.funnel import Funnel


def from_visit(within: int) -> tuple[Funnel, ...]:
    """`within` ms of the visit."""
    return tuple(Funnel((_VISIT, step), within) for step in (_WALLET, _TRANSACTION, _CONFIRMED))


def _is(path: str, value: str | tuple[str, ...]) -> Condition:
    return Condition(Field(path), Operator.IN if isinstance(value, tuple) else Operator.EQ, value)


_HASH = Condition(Field("web3.tx_hash"), Operator.EXISTS)
_VISIT = Match(None, (_is("kind", ("page", "screen")),))
_WALLET = Match(None, (_is("kind", "web3"), Condition(Field("web3.address"), Operator.EXISTS)))
_TRANSACTION = Match(None, (_is("kind", "web3"), _HASH))
_CONFIRMED = Match(None, (_is("kind", "web3"), _HASH, _is("web3.status", "confirmed")))
