"""One file a platform: where it is, how it is asked, how it answers, and what its fields mean."""

from functools import cache
from importlib import import_module

from groundswell.integrations.model import PlatformNotFound
from groundswell.integrations.platform import Platform

NAMES = (
    "meta_ads",
    "google_ads",
    "tiktok_ads",
    "linkedin_ads",
    "x_ads",
    "microsoft_ads",
    "pinterest_ads",
    "snapchat_ads",
    "reddit_ads",
    "pipedrive",
    "hubspot",
    "salesforce",
    "stripe",
    "shopify",
    "woocommerce",
    "klaviyo",
    "mailchimp",
    "ga4",
)
_ALIASES = {
    "facebook": "meta_ads",
    "facebook_ads": "meta_ads",
    "meta": "meta_ads",
    "google": "google_ads",
    "tiktok": "tiktok_ads",
    "google_analytics": "ga4",
}


@cache
def platform(name: str) -> Platform:
    """By its name, or another that it goes by. Raises PlatformNotFound."""
    text = name.strip().lower().replace("-", "_")
    known = _ALIASES.get(text, text)
    if known not in NAMES:
        raise PlatformNotFound
    definition: Platform = import_module(f"groundswell.integrations.catalogue.{known}").PLATFORM
    return definition


def platforms() -> tuple[Platform, ...]:
    return tuple(map(platform, NAMES))
