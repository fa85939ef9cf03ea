"""The countries there are: ISO 3166-1 alpha-2, as the time zone database lists them."""

from functools import cache
from importlib.resources import files


@cache
def country_codes() -> frozenset[str]:
    text = files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text("utf-8")
    return frozenset(line[:2] for line in text.splitlines() if line and not line.startswith("#"))
