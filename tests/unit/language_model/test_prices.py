"""Prices as a stage says them."""

from decimal import Decimal

import pytest

from groundswell.language_model.model import Completion
from groundswell.language_model.prices import parse_prices, usage_of
from infra.stage import stage

PRICES = parse_prices("gpt-4o=2.50/10.00, house/llama:70b=0/0")


@pytest.mark.parametrize(
    ("model", "cost"),
    [
        ("gpt-4o", Decimal("0.00045")),
        ("gpt-4o-2024-08-06", Decimal("0.00045")),
        ("gpt-4o-mini", None),
        ("house/llama:70b", Decimal(0)),
        ("another", None),
    ],
)
def test_a_model_or_its_dated_snapshot_has_its_price_and_another_none(model: str, cost: Decimal | None) -> None:
    assert usage_of(Completion(model, "", "stop", None, 100, 20), PRICES).cost == cost


@pytest.mark.parametrize("text", ["gpt-4o", "gpt-4o=1", "=1/2", "gpt-4o=a/b", "gpt-4o=-1/2"])
def test_what_is_no_price_is_refused_at_once(text: str) -> None:
    with pytest.raises(ValueError, match="a price is"):
        parse_prices(text)


@pytest.mark.parametrize("name", ["local", "dev", "staging", "prod"])
def test_a_stages_own_models_have_prices(name: str) -> None:
    made = stage(name)

    assert {made.openai_model, made.openai_fallback_model} <= set(parse_prices(made.openai_prices))
