"""How amounts are written."""

from decimal import Decimal

from groundswell.integrations.facts import minor_units


def spelled(amount: Decimal, currency: str) -> str:
    """Without losing a digit, and with no fewer decimals than the currency has (ISO 4217)."""
    least = -minor_units(currency)
    exponent = amount.normalize().as_tuple().exponent
    places = min(exponent, least) if isinstance(exponent, int) else least
    return f"{amount.quantize(Decimal(1).scaleb(places)):f}"
