"""The providers, and where each leaves OpenID Connect Core 1.0."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

type Claims = Mapping[str, Any]

_TENANT = "{tenantid}"


def _one_issuer(issuer: str, claims: Claims) -> str:  # noqa: ARG001 - as the signature of the others asks
    return issuer


def _issuer_of_tenant(issuer: str, claims: Claims) -> str:
    """The document of `common` names the issuer with a gap for the tenant, which a token fills with its `tid`."""
    return issuer.replace(_TENANT, str(claims.get("tid", "")))


def _standard(claims: Claims) -> bool:
    return claims.get("email_verified") is True


def _owned_domain(claims: Claims) -> bool:
    """An Entra tenant writes what it likes into `email`; `xms_edov`, an optional claim that the app's registration has
    to ask for, says that the address is the tenant's, or confirmed (Microsoft's optional claims reference)."""
    return claims.get("xms_edov") in (True, 1, "1", "true")


def _subject(claims: Claims) -> str:
    return str(claims["sub"])


def _subject_in_tenant(claims: Claims) -> str:
    return f"{claims['tid']}.{claims['sub']}" if claims.get("tid") else str(claims["sub"])


@dataclass(frozen=True)
class Provider:
    """`issuer` is the default. LinkedIn puts no nonce into its tokens and refuses a `code_verifier` of web apps: there
    the state, bound to the browser, and the client's secret are what is left against a code that was injected."""

    name: str
    title: str
    issuer: str
    has_nonce: bool = True
    has_pkce: bool = True
    issuer_of: Callable[[str, Claims], str] = _one_issuer
    is_verified: Callable[[Claims], bool] = _standard
    subject_of: Callable[[Claims], str] = _subject

    @property
    def prefix(self) -> str:
        """Of its settings, its error codes and its keys."""
        return self.name.upper()


GOOGLE = Provider("google", "Google", "https://accounts.google.com")
MICROSOFT = Provider(
    "microsoft",
    "Microsoft",
    "https://login.microsoftonline.com/common/v2.0",
    issuer_of=_issuer_of_tenant,
    is_verified=_owned_domain,
    subject_of=_subject_in_tenant,
)
LINKEDIN = Provider("linkedin", "LinkedIn", "https://www.linkedin.com/oauth", has_nonce=False, has_pkce=False)
PROVIDERS = (GOOGLE, MICROSOFT, LINKEDIN)
