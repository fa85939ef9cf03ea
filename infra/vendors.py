"""Where outside services are, and our keys for them: settings of a stage. In AWS, keys are in the secret `vendors`."""

from dataclasses import dataclass, fields

from infra.platforms import PLATFORM_KEYS, PlatformSettings


@dataclass(frozen=True, kw_only=True)
class VendorSettings(PlatformSettings):
    """Addresses end before the paths that the vendor's documentation begins with, and have no slash at their end.

    Keys are for one machine only, and empty in AWS, where members of the secret `vendors` are named like them: a stage
    with `vendor_keys` has it ($0.40 a month).
    `microsoft_client_id` and `linkedin_client_id` turn sign-in with these on; `microsoft_issuer` may name one tenant.
    `linkedin_version` is that of LinkedIn's API, YYYYMM: each is served for a year (an alarm comes 60 days before).
    `openai_monthly_tokens` is what an organization may use of the language model in a month where its quota says
    nothing; 0 is no limit. `openai_prices` are US dollars per million tokens in and out, by which its ledger counts
    cost; models that it leaves out have none. Nobody read the defaults off a price list: compare them with one.
    `allow_loopback_hosts` are peers (`127.0.0.1:9000`, comma-separated) that the local stage may reach although hosts
    that tenants name must have public addresses.
    `dns_servers` (`127.0.0.1:5353`, comma-separated) are asked about domains of addresses instead of the system's.
    `smtp_probes` lets mail servers be asked whether a mailbox exists, at `smtp_probe_port`: AWS lets nobody out at 25
    before it was asked to.
    """

    openai_url: str = "https://api.openai.com/v1"
    brave_url: str = "https://api.search.brave.com"
    telegram_url: str = "https://api.telegram.org"
    slack_url: str = "https://slack.com/api"
    sendgrid_url: str = "https://api.sendgrid.com"
    mailgun_url: str = "https://api.mailgun.net"
    linkedin_url: str = "https://api.linkedin.com"
    x_url: str = "https://api.x.com"
    vendor_keys: bool = False
    openai_api_key: str = ""
    brave_api_key: str = ""
    sendgrid_api_key: str = ""
    x_client_secret: str = ""
    linkedin_client_secret: str = ""
    x_client_id: str = ""
    linkedin_client_id: str = ""
    linkedin_version: str = "202607"
    linkedin_issuer: str = "https://www.linkedin.com/oauth"
    microsoft_client_id: str = ""
    microsoft_client_secret: str = ""
    microsoft_issuer: str = "https://login.microsoftonline.com/common/v2.0"
    openai_model: str = "gpt-4o-mini"
    openai_fallback_model: str = "gpt-4o-mini"
    openai_temperature: str = "0.7"
    openai_max_tokens: int = 4096
    openai_monthly_tokens: int = 2_000_000
    openai_prices: str = (
        "gpt-4o-mini=0.15/0.60,gpt-4o=2.50/10.00,gpt-4.1-nano=0.10/0.40,gpt-4.1-mini=0.40/1.60,gpt-4.1=2.00/8.00,"
        "gpt-4-turbo=10.00/30.00,gpt-4=30.00/60.00,gpt-3.5-turbo=0.50/1.50"
    )
    allow_loopback_hosts: str = ""
    dns_servers: str = ""
    smtp_probes: bool = False
    smtp_probe_port: int = 25

    @property
    def vendor_settings(self) -> dict[str, str]:
        """As functions ask for them by name."""
        values = {field.name.upper(): getattr(self, field.name) for field in fields(VendorSettings)}
        return {
            name: ("on" if value else "") if isinstance(value, bool) else str(value) for name, value in values.items()
        }


VENDOR_KEYS = frozenset(
    {
        "openai_api_key",
        "brave_api_key",
        "sendgrid_api_key",
        "x_client_secret",
        "linkedin_client_secret",
        "microsoft_client_secret",
        *PLATFORM_KEYS,
    }
)
"""Secrets: never in a template."""

SHOWN_AS_CONFIGURED = (
    "MAIL_TRANSPORT",
    "OPENAI_API_KEY",
    "BRAVE_API_KEY",
    "SENDGRID_API_KEY",
    "LINKEDIN_CLIENT_ID",
    "LINKEDIN_CLIENT_SECRET",
    "X_CLIENT_ID",
    "X_CLIENT_SECRET",
    "GOOGLE_CLIENT_ID",
    "MICROSOFT_CLIENT_ID",
    "MICROSOFT_CLIENT_SECRET",
)
"""By which health tells what is set up. Values are shown to nobody."""


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else ""
    return str(value)
