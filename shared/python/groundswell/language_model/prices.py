"""What models cost. The stage says it (`OPENAI_PRICES`), since vendors change their prices and a stage may have another
vendor. A model that it does not name is counted in tokens alone: a wrong price is worse than none."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from groundswell.language_model.model import Completion, Usage

_MILLION = 1_000_000

type Prices = Mapping[str, tuple[Decimal, Decimal]]
"""By model: US dollars per million tokens in and out."""


def parse_prices(text: str) -> Prices:
    """`gpt-4o=2.50/10.00,gpt-4o-mini=0.15/0.60`. Raises ValueError for anything else."""
    return dict(_price(entry) for entry in text.split(",") if entry.strip())


def _price(entry: str) -> tuple[str, tuple[Decimal, Decimal]]:
    model, _, price = entry.strip().rpartition("=")
    into, _, out = price.partition("/")
    try:
        prices = Decimal(into), Decimal(out)
    except InvalidOperation as error:
        raise ValueError(f"a price is <model>=<in>/<out>, not {entry!r}") from error
    if not model or min(prices) < 0:
        raise ValueError(f"a price is <model>=<in>/<out>, not {entry!r}")
    return model, prices


def usage_of(completion: Completion, prices: Prices) -> Usage:
    price = _of_model(completion.model, prices)
    cost = None
    if price:
        cost = (completion.input_tokens * price[0] + completion.output_tokens * price[1]) / _MILLION
    return Usage(completion.input_tokens, completion.output_tokens, cost)


def _of_model(model: str, prices: Prices) -> tuple[Decimal, Decimal] | None:
    """Of the model, or of the one that it is a dated snapshot of (`gpt-4o-2024-08-06`)."""
    for name, price in prices.items():
        snapshot = model.removeprefix(f"{name}-")
        if model == name or (snapshot != model and snapshot[:4].isdecimal()):
            return price
    return None
