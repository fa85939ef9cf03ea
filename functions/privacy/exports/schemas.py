"""Wire shapes of exports."""

from typing import Annotated

from pydantic import Field, model_validator

from functions.privacy.people import LeadId, Named, Phone
from groundswell.http.progress import OperationOut, operation_out
from groundswell.http.schema import In, Out, Time
from groundswell.operations.model import Operation
from groundswell.privacy.exports.service import Download

_NAMES = ("person", "user_id", "anonymous_id", "email", "wallet", "lead_id", "phone")


class ExportCreate(In):
    """Of whom: exactly one of these names."""

    person: Annotated[Named | None, Field(description="Any id of a person; all the others are found")] = None
    user_id: Annotated[Named | None, Field(description="The person whose user id it is")] = None
    anonymous_id: Annotated[Named | None, Field(description="The person whose visitor's id it is")] = None
    email: Annotated[
        Named | None, Field(description="Whose lead has it, or who gave it as a trait: the whole log is read")
    ] = None
    wallet: Annotated[Named | None, Field(description="Address or CAIP-10: its own events, on all chains")] = None
    lead_id: LeadId = None
    phone: Phone = None
    client_id: str | None = None

    @model_validator(mode="after")
    def _one(self) -> "ExportCreate":
        if len(self.subject()) != 1:
            raise ValueError(f"name exactly one of {', '.join(_NAMES)}")
        return self

    def subject(self) -> dict[str, str]:
        return {name: text for name in _NAMES if (text := getattr(self, name)) is not None}


class DownloadOut(Out):
    """Whoever has the link has the file, until it expires."""

    url: str
    expires_at: Time


class ExportOut(OperationOut):
    """`download` is there while the file is: 7 days, unless somebody in it is erased."""

    download: DownloadOut | None


def export_out(operation: Operation, download: Download | None) -> ExportOut:
    linked = DownloadOut(url=download.url, expires_at=download.expires_at) if download else None
    return ExportOut(**operation_out(operation).model_dump(), download=linked)
