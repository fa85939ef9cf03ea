"""Wire shapes of opt-outs."""

from typing import Self

from pydantic import model_validator

from groundswell.audience.model import Channel, OptOut, Reason
from groundswell.audience.opt_outs import KINDS
from groundswell.http.schema import In, Line, Out, Time


class OptOutIn(In):
    """Either `email` or `telegram_chat_id`."""

    email: Line | None = None
    telegram_chat_id: Line | int | None = None
    reason: Reason = Reason.MANUAL
    source: Line = "api"
    client_id: str | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.email is None) == (self.telegram_chat_id is None):
            raise ValueError("either email or telegram_chat_id")
        return self

    @property
    def named(self) -> tuple[Channel, str]:
        if self.email is not None:
            return Channel.EMAIL, self.email
        return Channel.TELEGRAM, str(self.telegram_chat_id)


class OptOutOut(Out):
    """The address is null once the person was erased: the digest of it, which is the id, still holds."""

    id: str
    channel: Channel
    email: str | None
    telegram_chat_id: str | None
    reason: Reason
    source: str | None
    created_by: str
    created_at: Time
    updated_at: Time
    version: int


def opt_out_out(opt_out: OptOut) -> OptOutOut:
    address = {kind.value: opt_out.address if channel is opt_out.channel else None for channel, kind in KINDS.items()}
    own = {name: getattr(opt_out, name) for name in OptOutOut.model_fields if name not in address}
    return OptOutOut(**own, **address)
