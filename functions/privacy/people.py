"""How a person is named on the wire: by one identifier."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from groundswell.http.schema import In
from groundswell.leads.identities import normalize_phone
from groundswell.personal_data.identifiers import EVENT_KINDS, Identifier

Named = Annotated[str, StringConstraints(min_length=1, max_length=512)]


def _in_e164(text: str) -> str:
    return normalize_phone(text)


LeadId = Annotated[Named | None, Field(description="The lead, and whoever its ids are")]
Phone = Annotated[
    Annotated[Named, AfterValidator(_in_e164)] | None, Field(description="Whose lead has the number, E.164")
]


class OneIdentifier(In):
    """Exactly one of the three. A wallet is an address, or a CAIP-10 account of any chain."""

    user_id: Named | None = None
    anonymous_id: Named | None = None
    wallet: Annotated[Named | None, Field(description="Address, or CAIP-10 account: the chain is ignored")] = None
    client_id: str | None = None

    @model_validator(mode="after")
    def _one(self) -> "OneIdentifier":
        if len(self.named()) != 1:
            raise ValueError("name exactly one of user_id, anonymous_id and wallet")
        return self

    def named(self) -> list[Identifier]:
        return [Identifier.of(kind, value) for kind in EVENT_KINDS if (value := getattr(self, kind.value)) is not None]
