"""The services of this function."""

from typing import Annotated

from groundswell.http.provide import provide
from groundswell.integrations.adapter_wiring import (
    consent_service,
    hook_service,
    integration_service,
    replays,
    review,
    sync_jobs,
)
from groundswell.integrations.consenting import ConsentService
from groundswell.integrations.hooks import HookService
from groundswell.integrations.jobs import SyncJobs
from groundswell.integrations.reviewing import Replays, Review
from groundswell.integrations.service import IntegrationService

Integrations = Annotated[IntegrationService, provide(integration_service)]
Jobs = Annotated[SyncJobs, provide(sync_jobs)]
Reviews = Annotated[Review, provide(review)]
Replayer = Annotated[Replays, provide(replays)]
Hooks = Annotated[HookService, provide(hook_service)]
Consents = Annotated[ConsentService, provide(consent_service)]
