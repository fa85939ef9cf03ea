"""What models cost, in US dollars per million tokens in and out (OpenAI's price list for plain calls, 2026-11).

A model that is not here is counted in tokens alone: a wrong price is worse than none.
"""

from decimal import Decimal

from groundswell.language_model.model import Completion, Usage

_MILLION = 1_000_000
_PRICES = {
    "gpt-4o-mini": ("0.15", "0.60"),
    "gpt-4o": ("2.50", "10.00"),
    "gpt-4.1-nano": ("0.10", "0.40"),
    "gpt-4.1-mini": ("0.40", "1.60"),
    "gpt-4.1": ("2.00", "8.00"),
    "gpt-4-turbo": ("10.00", "30.00"),
    "gpt-4": ("30.00", "60.00"),
    "gpt-3.5-turbo": ("0.50", "1.50"),
}


def usage_of(completion: Completion) -> Usage:
    price = _price(completion.model)
    cost = None
    if price:
        cost = (completion.input_tokens * price[0] + completion.output_tokens * price[1]) / _MILLION
    return Usage(completion.input_tokens, completion.output_tokens, cost)


def _price(model: str) -> tuple[Decimal, Decimal] | None:
    """Of the model, or of the one that it is a dated snapshot of (`gpt-4o-2024-08-06`)."""
    for name, (input_price, output_price) in _PRICES.items():
        snapshot = model.removeprefix(f"{name}-")
        if model == name or (snapshot != model and snapshot[:4].isdecimal()):
            return Decimal(input_price), Decimal(output_price)
    return None
