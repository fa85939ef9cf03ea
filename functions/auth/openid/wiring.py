"""The composition root of signing in with an OpenID provider."""

import json
import os
from functools import cache

from functions.auth.wiring import accounts, public_url, sign_in
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_secret
from groundswell.outbound.adapter_keys import vendor_key
from groundswell.storage.client import secrets
from groundswell.storage.settings import secret_id
from groundswell.tenancy.auth.adapter_sessions import DynamoSessionStore
from groundswell.tenancy.auth.openid.adapter_provider import OpenIdProvider, ProviderSettings
from groundswell.tenancy.auth.openid.model import ProviderNotConfigured
from groundswell.tenancy.auth.openid.people import OpenIdPeople
from groundswell.tenancy.auth.openid.providers import GOOGLE, Provider
from groundswell.tenancy.auth.openid.service import OpenIdService
from groundswell.tenancy.auth.openid.store import DynamoAttemptStore, DynamoIdentityStore
from groundswell.tenancy.auth.store import DynamoAccountStore


@cache
def openid(provider: Provider) -> OpenIdService:
    """Raises ProviderNotConfigured."""
    people = OpenIdPeople(
        provider, DynamoIdentityStore(), DynamoAccountStore(), DynamoSessionStore(), accounts(), utc_now
    )
    return OpenIdService(
        provider,
        OpenIdProvider(_settings(provider), utc_now),
        DynamoAttemptStore(),
        people,
        sign_in(),
        _redirect_uris(provider),
        utc_now,
        new_secret,
    )


def _settings(provider: Provider) -> ProviderSettings:
    client_id = os.environ[f"{provider.prefix}_CLIENT_ID"]
    client_secret = _secret(provider) if client_id else ""
    if not client_secret:
        raise ProviderNotConfigured(provider)
    issuer = os.environ[f"{provider.prefix}_ISSUER"]
    return ProviderSettings(provider, issuer, client_id, client_secret, _callback(provider))


def _redirect_uris(provider: Provider) -> frozenset[str]:
    every = os.environ["SIGN_IN_REDIRECT_URIS"]
    if provider is GOOGLE:  # what was set up before there were others
        every += "," + os.environ["GOOGLE_REDIRECT_URIS"]
    return frozenset(uri.strip() for uri in every.split(",") if uri.strip())


def _callback(provider: Provider) -> str:
    named = os.environ["GOOGLE_CALLBACK_URL"] if provider is GOOGLE else ""
    return named or f"{public_url()}/api/v1/auth/{provider.name}/callback"


def _secret(provider: Provider) -> str:
    if provider is GOOGLE:
        return os.environ["GOOGLE_CLIENT_SECRET"] or _google_secret()
    return vendor_key(f"{provider.prefix}_CLIENT_SECRET")


def _google_secret() -> str:
    text = secrets().get_secret_value(SecretId=secret_id("google"))["SecretString"]
    return str(json.loads(text).get("client_secret", ""))
