"""Wire shapes of what a client sets for its leads."""

from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from groundswell.http.schema import Changes, In, Line, Out, Time, any_case
from groundswell.leads.model import Status
from groundswell.leads.settings.model import FIELDS_AT_MOST, OWNERS_AT_MOST, LeadSettings, Stage
from groundswell.leads.settings.types import CustomField, FieldType

_Name = Annotated[Line, StringConstraints(min_length=1, max_length=100)]


class CustomFieldIn(In):
    """`options` are those of a `choice`."""

    name: _Name
    type: Annotated[FieldType, any_case(FieldType)]
    options: Annotated[tuple[_Name, ...], Field(max_length=100)] = ()


class StageIn(In):
    status: Annotated[Status, any_case(Status)]
    name: _Name


class SettingsIn(Changes):
    """Each list that is sent replaces the one that is there."""

    required: ClassVar[frozenset[str]] = frozenset({"custom_fields", "stages", "round_robin"})
    custom_fields: Annotated[tuple[CustomFieldIn, ...], Field(max_length=FIELDS_AT_MOST)] | None = None
    stages: Annotated[tuple[StageIn, ...], Field(max_length=len(Status))] | None = Field(
        default=None, description="In the pipeline's order"
    )
    round_robin: Annotated[tuple[_Name, ...], Field(max_length=OWNERS_AT_MOST)] | None = Field(
        default=None, description="User ids: new leads without an owner are given to them in turn"
    )
    client_id: str | None = None

    def values(self) -> dict[str, object]:
        """What was sent, in the domain's shapes."""
        sent = self.changes()
        if self.custom_fields is not None:
            sent["custom_fields"] = tuple(
                CustomField(field.name, field.type, field.options) for field in self.custom_fields
            )
        if self.stages is not None:
            sent["stages"] = tuple(Stage(stage.status, stage.name) for stage in self.stages)
        return sent


class CustomFieldOut(Out):
    name: str
    type: FieldType
    options: list[str]


class StageNameOut(Out):
    status: Status
    name: str


class SettingsOut(Out):
    """`stages` has every status. `updated_at` is null until somebody set something."""

    client_id: str
    custom_fields: list[CustomFieldOut]
    stages: list[StageNameOut]
    round_robin: list[str]
    updated_at: Time | None
    updated_by: str | None
    version: int


def settings_out(settings: LeadSettings) -> SettingsOut:
    names = ("client_id", "round_robin", "updated_at", "updated_by", "version")
    return SettingsOut(
        **{name: getattr(settings, name) for name in names},
        custom_fields=[CustomFieldOut.model_validate(field) for field in settings.custom_fields],
        stages=[StageNameOut.model_validate(stage) for stage in settings.pipeline],
    )
