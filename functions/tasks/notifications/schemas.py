"""Wire shapes of notifications."""

from typing import Annotated

from pydantic import BaseModel, Field, Strict

from groundswell.http.schema import In, Out, Time
from groundswell.notifications.model import Choice, Setting

Flag = Annotated[bool, Strict()]


class NotificationOut(Out):
    id: str
    client_id: str
    kind: str
    text: str
    object_type: str
    object_id: str
    created_at: Time
    read_at: Time | None


class ReadAllOut(BaseModel):
    """Whatever was there at that time is read."""

    read_at: Time


class SettingOut(BaseModel):
    kind: str
    title: str
    in_app: bool
    mail: bool


def setting_out(setting: Setting) -> SettingOut:
    return SettingOut(kind=setting.kind.name, title=setting.kind.title, in_app=setting.in_app, mail=setting.mail)


class ChoiceIn(In):
    """What is absent or null stays as it is."""

    in_app: Flag | None = None
    mail: Flag | None = None


class ChoicesIn(In):
    """By kind: `{"task.assigned": {"mail": false}}`."""

    kinds: Annotated[dict[str, ChoiceIn], Field(min_length=1, max_length=100)]

    def choices(self) -> dict[str, Choice]:
        return {name: Choice(choice.in_app, choice.mail) for name, choice in self.kinds.items()}
