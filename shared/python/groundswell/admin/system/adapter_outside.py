"""What is known of outside services, read in one query; nobody is called."""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from groundswell.admin.system.outside import ServiceState, states_of
from groundswell.observability.log import log
from groundswell.outbound.adapter_keys import vendor_key
from groundswell.outbound.adapter_outcomes import DynamoOutcomes
from groundswell.social.networks.versions import linkedin_ends


def outside_states(now: Callable[[], datetime]) -> Mapping[str, ServiceState]:
    """Raises what DynamoDB or Secrets Manager does, and says so in the log."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        states = dict(states_of(_setting, DynamoOutcomes(now).read()))
    except (ClientError, BotoCoreError) as error:
        log.warning("outside services are not known", extra={"reason": type(error).__name__})
        raise
    if version := os.environ.get("LINKEDIN_VERSION"):
        states["linkedin"] = replace(states["linkedin"], version_ends_at=linkedin_ends(version))
    return states


def _setting(name: str) -> str:
    return os.environ.get(name, "") if name.endswith(("_ID", "_TRANSPORT")) else vendor_key(name)
