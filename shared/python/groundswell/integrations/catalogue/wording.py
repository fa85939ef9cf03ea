"""Fields and values that several platforms share."""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from groundswell.integrations.facts import minor_units
from groundswell.integrations.platform import Account, At, Call, Credentials, Field, Settings
from groundswell.integrations.problems import extract

ACCESS_TOKEN = Field("access_token", "Access token", aliases=("token", "api_token", "private_app_token", "api_key"))
REFRESH_TOKEN = Field("refresh_token", "Refresh token", required=False)
CLIENT_ID = Field("client_id", "Your app's client id", required=False, secret=False, aliases=("app_id", "consumer_key"))
CLIENT_SECRET = Field(
    "client_secret", "Your app's secret", required=False, aliases=("app_secret", "secret", "consumer_secret")
)
APP = (CLIENT_ID, CLIENT_SECRET)
OAUTH_TOKENS = (Field("access_token", "Access token", required=False, aliases=("token",)), REFRESH_TOKEN, *APP)
"""Either an access token, or a refresh token with the app that it was given to."""
ONE_ACCOUNT = Account("default")


def the_one(credentials: Credentials) -> Account:
    """For platforms whose credentials are of one account."""
    return ONE_ACCOUNT


def micros(expression: str) -> Callable[[Any, Settings], Any]:
    """Millionths of a currency unit. What is no number is left as it is, for the reader to refuse."""

    def amount(raw: Any, settings: Settings) -> Any:
        value = extract(expression, raw)
        return None if value is None else Decimal(str(value)) / 1_000_000

    return amount


def minor(amount: str, currency: str) -> Callable[[Any, Settings], Any]:
    """The smallest units of a currency, of which yen have no others (ISO 4217)."""

    def major(raw: Any, settings: Settings) -> Any:
        value, code = extract(amount, raw), extract(currency, raw)
        return None if value is None else Decimal(str(value)).scaleb(-minor_units(str(code)))

    return major


def upper(expression: str) -> Callable[[Any, Settings], Any]:
    def text(raw: Any, settings: Settings) -> Any:
        value = extract(expression, raw)
        return value.upper() if isinstance(value, str) else value

    return text


def days(at: At, first: str, last: str) -> dict[str, str]:
    return {first: at.first.isoformat(), last: at.last.isoformat()}


def get(path: str, query: Mapping[str, Any] | None = None, **headers: str) -> Call:
    """A GET; of the query without what is None, and with lists and objects as JSON."""
    return Call("GET", path, _plain(query or {}), {name.replace("_", "-"): value for name, value in headers.items()})


def _plain(query: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: json.dumps(value, separators=(",", ":")) if isinstance(value, (list, dict)) else str(value)
        for name, value in query.items()
        if value is not None
    }
