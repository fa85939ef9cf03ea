"""Stream worker: leads that were made or changed are asked for the client's segments, and scored."""

from functools import cache
from typing import Any

from pynamodb.exceptions import PynamoDBException

from groundswell.audience.segments.keeping import Keeper
from groundswell.audience.segments.store import DynamoSegmentStore
from groundswell.kernel.clock import utc_now
from groundswell.leads.items import LeadItem
from groundswell.leads.model import Lead
from groundswell.leads.store import DynamoLeadStore
from groundswell.messaging.batch import Failures, handle_images
from groundswell.observability.log import log
from groundswell.scoring.adapter_leads import LeadScores
from groundswell.scoring.adapter_wiring import scorers
from groundswell.scoring.following import Follower
from groundswell.storage.mapper import from_item


@cache
def follower() -> Follower:
    return Follower(scorers(), LeadScores())


@cache
def keeper() -> Keeper:
    return Keeper(DynamoSegmentStore(), DynamoLeadStore(), utc_now)


def begin_sequences(leads: list[Lead]) -> None:
    """Of those that wait for a list or segment, for leads that are in it."""
    from groundswell.campaigns.sequences.joining import begin_for, begins  # leads of most clients are in none
    from groundswell.campaigns.sequences.store import DynamoSequenceStore

    if not any(lead.list_ids or lead.segment_ids for lead in leads):
        return
    store = DynamoSequenceStore()
    begin_for(leads, store, lambda sequence, lead: begins(store, sequence, lead, utc_now()))


def handler(event: dict[str, Any], context: object) -> Failures:  # noqa: ARG001 - Lambda's signature
    """All of a batch, in which the last image of a lead counts; what fails comes again as a whole, and changes
    nothing that is right already. An image that is no lead's is a dead letter."""
    log.info("leads changed", extra={"records": len(event["Records"])})
    leads: list[Lead] = []
    failures = handle_images(event, lambda image: leads.append(_lead(dict(image))), poison=(Exception,))
    try:
        keeper().keep(leads)
        follower().follow(leads)
        begin_sequences(leads)
    except PynamoDBException:
        log.exception("segments or scores not kept")
        return {"batchItemFailures": [{"itemIdentifier": event["Records"][0]["dynamodb"]["SequenceNumber"]}]}
    return failures


def _lead(image: dict[str, Any]) -> Lead:
    return from_item(Lead, LeadItem.from_raw_data(image))
