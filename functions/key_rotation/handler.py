"""Schedule: a new signing key every thirty days."""

from functools import cache
from typing import Any

from groundswell.admin.key_rotation.service import KeyRotationService
from groundswell.admin.key_rotation.store import SigningSecret
from groundswell.kernel.ids import new_id, new_secret
from groundswell.observability.log import log
from groundswell.schedules.event import ScheduleClaims


@cache
def rotation() -> KeyRotationService:
    return KeyRotationService(SigningSecret(), ScheduleClaims(), new_id, new_secret)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    kid = rotation().rotate(event["due"])
    log.info("signing key rotated" if kid else "already rotated", extra={"due": event["due"], "kid": kid})
    return {"rotated": kid is not None}
