"""The one way to a language model.

A function that asks declares the settings read here, the secret `vendors`, and reading and updating the core
and ephemeral tables.
"""

import os
from functools import cache

from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_secret
from groundswell.language_model.adapter_openai import OpenAiVendor
from groundswell.language_model.model import ModelSettings
from groundswell.language_model.prices import parse_prices
from groundswell.language_model.service import LanguageModel
from groundswell.language_model.store import DynamoBooks
from groundswell.outbound.adapter_keys import vendor_key
from groundswell.outbound.adapter_outcomes import DynamoOutcomes
from groundswell.outbound.adapter_vendor import Vendor, VendorClient, vendor_url
from groundswell.tenancy.usage.store import DynamoUsageStore

NAME = "OpenAI"
PATIENCE_SECONDS = 45.0
"""For one model, with all attempts. HTTP functions have 30 s: they ask a worker, and have the answer polled."""


@cache
def language_model(patience: float = PATIENCE_SECONDS) -> LanguageModel:
    """One for a process. `patience` in seconds, for each of both models."""
    key = vendor_key("OPENAI_API_KEY")
    return LanguageModel(_vendor(key, patience) if key else None, books(), _settings(), utc_now, new_secret)


@cache
def books() -> DynamoBooks:
    return DynamoBooks(DynamoUsageStore().quota, int(os.environ["OPENAI_MONTHLY_TOKENS"]), utc_now)


def _vendor(key: str, patience: float) -> OpenAiVendor:
    vendor = Vendor(NAME, vendor_url("OPENAI_URL"), headers={"Authorization": f"Bearer {key}"})
    return OpenAiVendor(VendorClient(vendor, outcomes=DynamoOutcomes(utc_now), patience=patience))


def _settings() -> ModelSettings:
    return ModelSettings(
        os.environ["OPENAI_MODEL"],
        os.environ["OPENAI_FALLBACK_MODEL"],
        float(os.environ["OPENAI_TEMPERATURE"]),
        int(os.environ["OPENAI_MAX_TOKENS"]),
        parse_prices(os.environ["OPENAI_PRICES"]),
    )
