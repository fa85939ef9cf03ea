"""How many recipients somebody may write to in a day."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from groundswell.access.model import ClientContext
from groundswell.kernel.errors import Quota, RateLimited
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name

RECIPIENTS_A_DAY = 10_000
_DAY = 86_400
_NAME = "campaigns.recipients"


class RecipientQuota:
    """By user and day in UTC. `allowed` says how many each user of an organization may, by what the operator set."""

    def __init__(self, allowed: Callable[[str], int], now: Callable[[], datetime]) -> None:
        self._allowed = allowed
        self._now = now

    def give_back(self, acting: ClientContext, recipients: int) -> None:
        """What was taken a moment ago, and not used."""
        if self._allowed(acting.org_id) is None:
            return
        dynamodb().update_item(
            TableName=table_name("ephemeral"),
            Key=self._key(acting),
            UpdateExpression="ADD taken :back",
            ExpressionAttributeValues={":back": {"N": str(-recipients)}},
        )

    def _key(self, acting: ClientContext) -> dict[str, Any]:
        day = int(self._now().timestamp()) // _DAY
        return {"pk": {"S": f"RECIPIENTS#{acting.actor_id}"}, "sk": {"S": str(day)}}

    def take(self, acting: ClientContext, recipients: int) -> None:
        """Raises RateLimited where that is more than is left; then nothing is taken."""
        allowed = self._allowed(acting.org_id)
        time = int(self._now().timestamp())
        day, left = time // _DAY, _DAY - time % _DAY
        try:
            dynamodb().update_item(
                TableName=table_name("ephemeral"),
                Key=self._key(acting),
                UpdateExpression="ADD taken :wanted SET expires_at = :expires",
                ConditionExpression=":wanted <= :allowed AND (attribute_not_exists(taken) OR taken <= :room)",
                ExpressionAttributeValues={
                    ":wanted": {"N": str(recipients)},
                    ":allowed": {"N": str(allowed)},
                    ":room": {"N": str(allowed - recipients)},
                    ":expires": {"N": str((day + 2) * _DAY)},
                },
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            raise RateLimited(Quota(_NAME, allowed, _DAY, 0, left)) from error
