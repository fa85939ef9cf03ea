"""The composition root of signing in with Google."""

import json
import os
from functools import cache
from typing import Annotated

from functions.auth.wiring import accounts, public_url, sign_in
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_secret
from groundswell.storage.client import secrets
from groundswell.storage.settings import secret_id
from groundswell.tenancy.auth.adapter_sessions import DynamoSessionStore
from groundswell.tenancy.auth.google.adapter_provider import OpenIdProvider, ProviderSettings
from groundswell.tenancy.auth.google.model import GoogleNotConfigured
from groundswell.tenancy.auth.google.people import GooglePeople
from groundswell.tenancy.auth.google.service import GoogleService
from groundswell.tenancy.auth.google.store import DynamoAttemptStore, DynamoIdentityStore
from groundswell.tenancy.auth.store import DynamoAccountStore

_CALLBACK = "/api/v1/auth/google/callback"


@cache
def google() -> GoogleService:
    """Raises GoogleNotConfigured."""
    allowed = os.environ["GOOGLE_REDIRECT_URIS"].split(",")
    return GoogleService(
        OpenIdProvider(_settings(), utc_now),
        DynamoAttemptStore(),
        GooglePeople(DynamoIdentityStore(), DynamoAccountStore(), DynamoSessionStore(), accounts(), utc_now),
        sign_in(),
        frozenset(each.strip() for each in allowed if each.strip()),
        utc_now,
        new_secret,
    )


def _settings() -> ProviderSettings:
    client_id = os.environ["GOOGLE_CLIENT_ID"]
    client_secret = (os.environ["GOOGLE_CLIENT_SECRET"] or _stored_secret()) if client_id else ""
    if not client_secret:
        raise GoogleNotConfigured
    callback = os.environ["GOOGLE_CALLBACK_URL"] or public_url() + _CALLBACK
    return ProviderSettings(os.environ["GOOGLE_ISSUER"], client_id, client_secret, callback)


def _stored_secret() -> str:
    text = secrets().get_secret_value(SecretId=secret_id("google"))["SecretString"]
    return str(json.loads(text).get("client_secret", ""))


Google = Annotated[GoogleService, provide(google)]
