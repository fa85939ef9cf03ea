"""`groundswell admin`: who operates the platform. It needs access to the core table and nothing else."""

import os
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from groundswell.admin.platform import PlatformService
from groundswell.admin.store import DynamoUserStore
from groundswell.auth.model import UserNotFound
from groundswell.http.email import normalize_email
from groundswell.members.store import DynamoPeople
from infra.local.emulator import ENDPOINT, emulator_environment
from infra.stage import stage


class OperatorError(RuntimeError):
    """The role could not be changed. The message says why."""


def change_operator(email: str, *, grant: bool, table: str | None, data_dir: Path) -> str:
    """What was done, in words. `table` is the core table of a deployed stage, reached with the AWS credentials at hand;
    without it the table of the `groundswell dev` that runs on that folder. Raises OperatorError."""
    os.environ.update({"TABLE_CORE": table} if table else _local(data_dir))
    service = PlatformService(DynamoPeople(), DynamoUserStore())
    try:
        address = normalize_email(email)
        user = service.grant_super(address) if grant else service.revoke_super(address)
    except UserNotFound as error:
        raise OperatorError(f"{email} has no account" if grant else f"{email} is no operator") from error
    except (ValueError, BotoCoreError, ClientError) as error:
        raise OperatorError(str(error)) from error
    return f"{user.email} is {user.role.value} now"


def _local(data_dir: Path) -> dict[str, str]:
    try:
        endpoint = (data_dir / ENDPOINT).read_text().strip()
    except OSError as error:
        raise OperatorError(f"`groundswell dev` does not run on {data_dir}: start it, or name a --table") from error
    return emulator_environment(endpoint) | {"TABLE_CORE": stage("local").physical_name("core")}
