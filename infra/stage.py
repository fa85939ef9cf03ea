"""Every setting of a stage in one place. `dev|staging|prod` run in AWS, `local` on one machine."""

import platform
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Literal

from infra.vendors import VendorSettings

EXAMPLE_SENDER = "Groundswell <no-reply@groundswell.dev>"

type Architecture = Literal["arm64", "x86_64"]


def host_architecture() -> Architecture:
    return "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64"


@dataclass(frozen=True, kw_only=True)
class Stage(VendorSettings):
    """`principal_cache_seconds` bounds how long a revocation may go unfelt, `throttle_*` are requests per second.
    What analytics takes longer for than `slow_question_ms` is counted, and logged with its plan.
    `page_cache_seconds` is how long a published page is shown without a read: no more than the 60 of its max-age.

    `public_url` defaults to the API's own. Mailed links lead to `frontend_url` (`/verify-email`, `/reset-password`,
    `/accept-invitation`, each with `?token=`), or without one to our own pages, below `/public` of `public_url`.
    `frontend_origins` are what browsers may call from (comma-separated; `http://localhost:*` is every port).
    `google_*` turn sign-in with Google on: `google_callback_url` defaults to `public_url`'s, `google_redirect_uris` are
    the frontends that may be gone on to (comma-separated). `google_client_secret` is for one machine only: in AWS it is
    in the secret `google`. `sign_in_redirect_uris` are such frontends for every provider of sign-ins.
    `cap_consumers` bounds how much of a queue is worked on at once, and has Lambda ask an empty one more than twice as
    often: $0.16 a month and queue. `dashboard` costs $3 a month. `budget_dollars` is what a month of the whole account
    may cost before `alarm_email`, where there is one, is told.
    `tls` is what queues and buckets insist on: only an emulator serves plain HTTP. `athena` has the archive queried.
    `gradual` sends a tenth of a function's calls to its new version for five minutes, and all back to the old one when
    an alarm goes off. `snap_start` starts environments from a snapshot: quicker, for about $2 a month and function.
    `ses_identity` makes the sender known to SES: its domain with DKIM, which one stage of an account may own, or its
    one address, which needs no DNS; `none` where the account has it already.
    """

    name: str
    region: str = "us-east-1"
    architecture: Architecture = "arm64"
    keep_data: bool = True
    alarms: bool = True
    waf: bool = True
    tls: bool = True
    athena: bool = True
    reserved_concurrency: bool = False
    cap_consumers: bool = True
    gradual: bool = True
    snap_start: bool = False
    log_retention_days: int = 90
    throttle_rate: int = 500
    throttle_burst: int = 1000
    alarm_email: str = ""
    dashboard: bool = True
    budget_dollars: int = 100
    domain_name: str = ""
    certificate_arn: str = ""
    ses_identity: Literal["none", "address", "domain"] = "none"
    principal_cache_seconds: int = 60
    page_cache_seconds: int = 60
    slow_question_ms: int = 3000
    require_verification: bool = True
    signup_mode: Literal["open", "invite", "closed"] = "open"
    mail_transport: Literal["ses", "mailbox", "smtp"] = "ses"
    mail_from: str = EXAMPLE_SENDER
    smtp_url: str = ""
    public_url: str = ""
    frontend_url: str = ""
    docs: bool = True  # whether `/docs` and `/redoc` answer
    openapi_document: str = ""  # where the API's description lies, if not in the package
    frontend_origins: str = ""
    google_client_id: str = ""
    google_client_secret: str = ""
    google_issuer: str = "https://accounts.google.com"
    google_callback_url: str = ""
    google_redirect_uris: str = ""
    sign_in_redirect_uris: str = ""
    rate_limits: bool = True

    def physical_name(self, name: str) -> str:
        """How a function or queue of this stage is called in AWS, so that operators and alarms can name it."""
        return f"groundswell-{self.name}-{name.replace('_', '-')}"

    @property
    def monitored(self) -> bool:
        """Whether there is anything to make of monitoring: CloudFormation takes no stack without resources."""
        return self.dashboard or self.alarms or bool(self.alarm_email)

    @property
    def mail_address(self) -> str:
        return parseaddr(self.mail_from)[1]

    @property
    def mail_domain(self) -> str:
        return self.mail_address.rpartition("@")[2]

    @property
    def mail_identity(self) -> str:
        """Of `mail_from`: what SES must know, and the mailer may send as."""
        return self.mail_address if self.ses_identity == "address" else self.mail_domain

    @property
    def mail_configuration_set(self) -> str:
        """SES's name for how this stage's mail is sent. Empty where something else sends it."""
        return self.physical_name("mail") if self.mail_transport == "ses" else ""

    @property
    def settings(self) -> dict[str, str]:
        """What functions may ask for by name in `Function.settings`, and what all of them get."""
        return {
            **self.vendor_settings,
            "PRINCIPAL_CACHE_SECONDS": str(self.principal_cache_seconds),
            "PAGE_CACHE_SECONDS": str(self.page_cache_seconds),
            "SLOW_QUESTION_MS": str(self.slow_question_ms),
            "REQUIRE_VERIFICATION": str(self.require_verification).lower(),
            "SIGNUP_MODE": self.signup_mode,
            "MAIL_TRANSPORT": self.mail_transport,
            "MAIL_FROM": self.mail_from,
            "MAIL_CONFIGURATION_SET": self.mail_configuration_set,
            "SMTP_URL": self.smtp_url,
            "PUBLIC_URL": self.public_url,
            "FRONTEND_URL": self.frontend_url,
            "OPENAPI_DOCUMENT": self.openapi_document,
            "DOCS": "on" if self.docs else "off",
            "FRONTEND_ORIGINS": self.frontend_origins,
            "GOOGLE_CLIENT_ID": self.google_client_id,
            "GOOGLE_CLIENT_SECRET": self.google_client_secret,
            "GOOGLE_ISSUER": self.google_issuer,
            "GOOGLE_CALLBACK_URL": self.google_callback_url,
            "GOOGLE_REDIRECT_URIS": self.google_redirect_uris,
            "SIGN_IN_REDIRECT_URIS": self.sign_in_redirect_uris,
            "RATE_LIMITS": "on" if self.rate_limits else "off",
        }


def stage(name: str) -> Stage:
    """The stage of that name. Raises ValueError for any other."""
    stages = {
        "dev": Stage(
            name="dev",
            keep_data=False,
            alarms=False,
            dashboard=False,
            cap_consumers=False,
            waf=False,
            gradual=False,
            log_retention_days=7,
            ses_identity="address",
        ),
        "staging": Stage(name="staging", log_retention_days=30),
        "prod": Stage(
            name="prod",
            docs=False,
            log_retention_days=365,
            throttle_rate=5000,
            throttle_burst=5000,
            ses_identity="domain",
        ),
        "local": Stage(
            name="local",
            architecture=host_architecture(),
            keep_data=False,
            alarms=False,
            waf=False,
            tls=False,
            athena=False,
            gradual=False,
            log_retention_days=1,
            principal_cache_seconds=0,
            page_cache_seconds=0,
            require_verification=False,
            mail_transport="mailbox",
        ),
    }
    if name not in stages:
        raise ValueError(f"stage {name!r} is none of {', '.join(stages)}: pass -c stage=dev|staging|prod")
    return stages[name]
