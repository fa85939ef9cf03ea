"""What a sequence leaves behind, taken away."""

from contextlib import suppress
from datetime import datetime

from groundswell.campaigns.model import Status
from groundswell.campaigns.sequences.items import run_pk
from groundswell.campaigns.store import DynamoCampaignStore
from groundswell.kernel.errors import PreconditionFailed
from groundswell.storage.deletion import delete_partition


def remove_sequence(client_id: str, sequence_id: str, steps: int, now: datetime) -> None:
    """Who went through it; its steps' campaigns are over. Again is as good as once."""
    store = DynamoCampaignStore()
    for number in range(steps):
        campaign = store.find(client_id, f"{sequence_id}-{number}")
        if campaign is not None and campaign.status.active:
            with suppress(PreconditionFailed):
                store.finish(campaign, campaign.moved(Status.SENT, now, finished_at=now))
    for _ in delete_partition("core", run_pk(client_id, sequence_id)):
        pass
