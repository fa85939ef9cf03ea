"""Schedules fire at least once: a run belongs to its (schedule, due time); whoever claims that first does the work."""

from datetime import UTC, datetime

from botocore.exceptions import ClientError

from groundswell.kernel.clock import utc_now
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name

_KEPT_SECONDS = 30 * 24 * 3600  # far longer than any schedule fires late


class ScheduleClaims:
    """Claims in the ephemeral table: `SCHEDULE#<name>`, `<due>`."""

    def claim(self, schedule: str, due: str) -> bool:
        """True for the first caller. `due` is RFC 3339, in whatever spelling. Raises ValueError for anything else."""
        moment = datetime.fromisoformat(due).astimezone(UTC).isoformat()
        try:
            dynamodb().put_item(
                TableName=table_name("ephemeral"),
                Item={
                    "pk": {"S": f"SCHEDULE#{schedule}"},
                    "sk": {"S": moment},
                    "claimed_at": {"S": utc_now().isoformat()},
                    "expires_at": {"N": str(int(utc_now().timestamp()) + _KEPT_SECONDS)},
                },
                ConditionExpression="attribute_not_exists(pk)",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return False
        return True
