"""What operators do past the API: say who operates the platform, and found the first account of a stage where nobody
may sign up. It needs access to the core table and nothing else."""

import os
from contextlib import suppress
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from groundswell.admin.users.platform import PlatformService
from groundswell.admin.users.store import DynamoUserStore
from groundswell.kernel.clock import utc_now
from groundswell.kernel.email import normalize_email
from groundswell.kernel.ids import new_id, new_secret
from groundswell.tenancy.auth.model import EmailTaken, UserNotFound
from groundswell.tenancy.auth.passwords import Passwords
from groundswell.tenancy.auth.service import AccountService, AccountSettings, SignUp
from groundswell.tenancy.auth.store import DynamoAccountStore
from groundswell.tenancy.members.store import DynamoPeople
from groundswell.tenancy.usage.store import DynamoSeats
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


def create_with_organization(sign_up: SignUp, data_dir: Path) -> None:
    """An account, its organization and first client, whatever the sign-up mode of the `groundswell dev` that runs on
    that folder; its address counts as confirmed. Nothing happens where there is one. Raises OperatorError."""
    os.environ.update(_local(data_dir))
    settings = AccountSettings("", "open")
    accounts = AccountService(DynamoAccountStore(), DynamoSeats(), Passwords(), settings, utc_now, new_id, new_secret)
    try:
        with suppress(EmailTaken):
            accounts.register_verified(sign_up)
    except (BotoCoreError, ClientError) as error:
        raise OperatorError(str(error)) from error


def _local(data_dir: Path) -> dict[str, str]:
    try:
        endpoint = (data_dir / ENDPOINT).read_text().strip()
    except OSError as error:
        raise OperatorError(f"`groundswell dev` does not run on {data_dir}: start it, or name a --table") from error
    return emulator_environment(endpoint) | {"TABLE_CORE": stage("local").physical_name("core")}
