"""Schedule: a new signing key every thirty days."""

from typing import Any

from groundswell.admin.key_rotation.service import KeyRotationService
from groundswell.admin.key_rotation.store import SigningSecret
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_secret
from groundswell.observability.log import log
from groundswell.schedules.service import run_once
from groundswell.schedules.store import DynamoRuns

_LEASE_SECONDS = 30  # as long as the function may run


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """One effect per due time. A run that fails is tried again by Lambda, and does the work then."""
    due = event["due"]
    done = run_once(DynamoRuns(utc_now), "key_rotation", due, _LEASE_SECONDS, lambda: _rotate(due))
    if not done:
        log.info("already rotated", extra={"due": due})
    return {"rotated": done}


def _rotate(due: str) -> None:
    kid = KeyRotationService(SigningSecret(), new_secret).rotate(due)
    log.info("signing key rotated", extra={"due": due, "kid": kid})
