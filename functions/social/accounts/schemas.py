"""Wire shapes of accounts."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, field_validator

from groundswell.http.schema import Changes, In, Out, Time
from groundswell.http.timestamps import Timestamp
from groundswell.kernel.clock import utc_now
from groundswell.kernel.zones import check_zone
from groundswell.social.budgets import budget_now
from groundswell.social.model import Account, AccountStatus, Network, Queue, Slot
from groundswell.social.networks.port import Tokens

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SLOTS_AT_MOST = 24
Token = Annotated[str, StringConstraints(min_length=1, max_length=3000, pattern=r"^[!-~]+$")]
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class CredentialsIn(In):
    """Tokens that somebody has already. `network_id` chooses one of those that they may post as: a URN of LinkedIn."""

    access_token: Token
    refresh_token: Token | None = None
    expires_at: Timestamp | None = None
    network_id: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None

    def tokens(self) -> Tokens:
        return Tokens(self.access_token, self.expires_at, self.refresh_token)

    @field_validator("expires_at")
    @classmethod
    def _ahead(cls, value: Timestamp | None) -> Timestamp | None:
        if value is not None and value <= utc_now():
            raise ValueError("the token ended already")
        return value


class ConnectIn(In):
    """Nothing: the answer says where to let us in. Or tokens, which are tried."""

    credentials: CredentialsIn | None = None
    return_url: Annotated[
        str | None,
        Field(max_length=2000, description="Where the browser goes afterwards; one of the client's origins"),
    ] = None
    client_id: str | None = None


class QueueIn(In):
    """Slots by weekday, on the clocks of the zone: `{"mon": ["09:00", "17:30"]}`."""

    timezone: Annotated[str, StringConstraints(max_length=64), AfterValidator(check_zone)] = "UTC"
    slots: dict[
        Annotated[str, StringConstraints(max_length=3)], Annotated[list[Clock], Field(max_length=_SLOTS_AT_MOST)]
    ] = Field(default_factory=dict, max_length=7)

    @field_validator("slots")
    @classmethod
    def _days(cls, value: dict[str, list[str]]) -> dict[str, list[str]]:
        unknown = sorted(value.keys() - set(WEEKDAYS))
        if unknown:
            raise ValueError(f"{', '.join(unknown)}: weekdays are {', '.join(WEEKDAYS)}")
        return value

    def queue(self) -> Queue:
        slots = {Slot(WEEKDAYS.index(day), at) for day, times in self.slots.items() for at in times}
        return Queue(self.timezone, tuple(sorted(slots, key=lambda slot: (slot.weekday, slot.at))))


class AccountUpdate(Changes):
    required = frozenset({"queue"})

    queue: QueueIn | None = None
    client_id: str | None = None


class BudgetOut(Out):
    remaining: int
    resets_at: Time


class QueueOut(Out):
    timezone: str
    slots: dict[str, list[str]]


class AccountOut(Out):
    """`expires_at` is when its token ends; one that can be renewed is, ahead of it. `budget`: how many publications are
    left until then, as the network's headers said last; LinkedIn sends none, there a day's are counted."""

    id: str
    network: Network
    network_id: str
    handle: str
    name: str
    status: AccountStatus
    expires_at: Time | None
    error: str | None
    budget: BudgetOut | None
    queue: QueueOut
    created_at: Time
    updated_at: Time
    version: int


class AuthorizeOut(Out):
    authorize_url: str
    expires_at: Time


def account_out(account: Account) -> AccountOut:
    budget = budget_now(account.network, account.budget, utc_now())
    days: dict[str, list[str]] = {}
    for slot in account.queue.slots:
        days.setdefault(WEEKDAYS[slot.weekday], []).append(slot.at)
    return AccountOut(
        id=account.id,
        network=account.network,
        network_id=account.network_id,
        handle=account.handle,
        name=account.name,
        status=account.status(utc_now()),
        expires_at=account.token_ends_at,
        error=account.rejected,
        budget=BudgetOut.model_validate(budget) if budget else None,
        queue=QueueOut(timezone=account.queue.timezone, slots=days),
        created_at=account.created_at,
        updated_at=account.updated_at,
        version=account.version,
    )
