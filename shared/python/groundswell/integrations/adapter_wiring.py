"""Integrations, put together for whoever needs them."""

import os
from collections.abc import Callable, Mapping
from functools import cache
from time import time

from groundswell.integrations.adapter_facts import DynamoFacts
from groundswell.integrations.adapter_hooks import DynamoConsents, DynamoHookStore
from groundswell.integrations.adapter_http import PlatformHttp, places
from groundswell.integrations.adapter_objects import DynamoObjects, DynamoQuarantine
from groundswell.integrations.adapter_vault import DynamoVault, credentials_change
from groundswell.integrations.consenting import ConsentService
from groundswell.integrations.facts import FactsStore
from groundswell.integrations.hooks import HookService
from groundswell.integrations.hooks import Ways as HookWays
from groundswell.integrations.intake import Followers, Intake
from groundswell.integrations.jobs import SyncJobs, next_minute
from groundswell.integrations.platform import Platform
from groundswell.integrations.reading import Reader
from groundswell.integrations.reviewing import Replays, Review
from groundswell.integrations.service import IntegrationService, Ways
from groundswell.integrations.store import DynamoSyncStore
from groundswell.integrations.syncing import Syncer
from groundswell.integrations.tokens import Tokens
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id, new_secret


def facts() -> FactsStore:
    """Ad rows of all platforms. The function needs `Query` on the core table."""
    return DynamoFacts()


@cache
def sync_jobs() -> SyncJobs:
    return SyncJobs(DynamoSyncStore(), utc_now, new_id)


@cache
def integration_service() -> IntegrationService:
    return IntegrationService(DynamoSyncStore(), sync_jobs(), _ways())


@cache
def consent_service() -> ConsentService:
    return ConsentService(DynamoConsents(), integration_service(), _ways(), _callback)


def _ways() -> Ways:
    return Ways(PlatformHttp(), places, credentials_change, DynamoVault(utc_now).load, utc_now, new_secret)


@cache
def review() -> Review:
    return Review(DynamoSyncStore(), DynamoFacts(), DynamoObjects(), DynamoQuarantine())


def replays() -> Replays:
    return Replays(DynamoSyncStore(), DynamoFacts(), DynamoObjects(), DynamoQuarantine(), _followers())


@cache
def hook_service() -> HookService:
    ways = HookWays(_secrets, utc_now, time, next_minute)
    return HookService(DynamoHookStore(utc_now), DynamoObjects(), _followers, ways)


def syncer(client_id: str, platform: Platform, time_left: Callable[[], float]) -> Syncer:
    """For one run: nothing of it outlives it."""
    http, where = PlatformHttp(), places(platform.name)
    return Syncer(
        platform,
        where,
        DynamoSyncStore(),
        Tokens(DynamoVault(utc_now), http, utc_now),
        Reader(http, client_id, platform, where),
        Intake(platform, DynamoFacts(), DynamoObjects(), DynamoQuarantine(), _followers(), utc_now),
        utc_now,
        time_left,
    )


def _followers() -> Followers:
    # The event log and leads are sixty modules, which most requests do without.
    from groundswell.integrations.adapter_followers import PlatformFollowers

    return PlatformFollowers()


def _secrets(client_id: str, platform: str) -> Mapping[str, str]:
    own = DynamoVault(utc_now).load(client_id, platform) or {}
    return {**places(platform).known_app, **own}


def _callback(platform: str) -> str:
    return f"{os.environ['PUBLIC_URL'].rstrip('/')}/api/v1/integrations/{platform}/callback"
