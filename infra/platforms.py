"""Where the platforms that clients connect are, and our apps at them: settings of a stage."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class PlatformSettings:
    """An empty address is the platform's own: of its API, and of OAuth where that has a host of its own. It may end
    before the version. Without an app of ours (`client_id`, `client_secret`), clients bring their own. In AWS, secrets
    are members of the secret `vendors`."""

    meta_ads_url: str = ""
    meta_ads_auth_url: str = ""
    meta_ads_client_id: str = ""
    meta_ads_client_secret: str = ""
    google_ads_url: str = ""
    google_ads_auth_url: str = ""
    google_ads_client_id: str = ""
    google_ads_client_secret: str = ""
    tiktok_ads_url: str = ""
    tiktok_ads_auth_url: str = ""
    tiktok_ads_client_id: str = ""
    tiktok_ads_client_secret: str = ""
    linkedin_ads_url: str = ""
    linkedin_ads_auth_url: str = ""
    linkedin_ads_client_id: str = ""
    linkedin_ads_client_secret: str = ""
    x_ads_url: str = ""
    x_ads_auth_url: str = ""
    x_ads_client_id: str = ""
    x_ads_client_secret: str = ""
    microsoft_ads_url: str = ""
    microsoft_ads_auth_url: str = ""
    microsoft_ads_client_id: str = ""
    microsoft_ads_client_secret: str = ""
    pinterest_ads_url: str = ""
    pinterest_ads_auth_url: str = ""
    pinterest_ads_client_id: str = ""
    pinterest_ads_client_secret: str = ""
    snapchat_ads_url: str = ""
    snapchat_ads_auth_url: str = ""
    snapchat_ads_client_id: str = ""
    snapchat_ads_client_secret: str = ""
    reddit_ads_url: str = ""
    reddit_ads_auth_url: str = ""
    reddit_ads_client_id: str = ""
    reddit_ads_client_secret: str = ""
    pipedrive_url: str = ""
    pipedrive_auth_url: str = ""
    pipedrive_client_id: str = ""
    pipedrive_client_secret: str = ""
    hubspot_url: str = ""
    hubspot_auth_url: str = ""
    hubspot_client_id: str = ""
    hubspot_client_secret: str = ""
    salesforce_url: str = ""
    salesforce_auth_url: str = ""
    salesforce_client_id: str = ""
    salesforce_client_secret: str = ""
    stripe_url: str = ""
    stripe_auth_url: str = ""
    stripe_client_id: str = ""
    stripe_client_secret: str = ""
    shopify_url: str = ""
    shopify_auth_url: str = ""
    shopify_client_id: str = ""
    shopify_client_secret: str = ""
    woocommerce_url: str = ""
    woocommerce_auth_url: str = ""
    woocommerce_client_id: str = ""
    woocommerce_client_secret: str = ""
    klaviyo_url: str = ""
    klaviyo_auth_url: str = ""
    klaviyo_client_id: str = ""
    klaviyo_client_secret: str = ""
    mailchimp_url: str = ""
    mailchimp_auth_url: str = ""
    mailchimp_client_id: str = ""
    mailchimp_client_secret: str = ""
    ga4_url: str = ""
    ga4_auth_url: str = ""
    ga4_client_id: str = ""
    ga4_client_secret: str = ""


PLATFORMS = (
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
PLATFORM_KEYS = frozenset(f"{name}_client_secret" for name in PLATFORMS)
"""Secrets: never in a template."""
PLATFORM_SETTINGS = tuple(
    f"{name}_{setting}".upper() for name in PLATFORMS for setting in ("url", "auth_url", "client_id", "client_secret")
)
"""As functions ask for them by name."""
