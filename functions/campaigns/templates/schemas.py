"""Wire shapes of templates."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from functions.campaigns.fields import BodyOut, Data, Language, Markup, Subject
from groundswell.campaigns.templates import Template
from groundswell.http.schema import Changes, In, Line, Out, Time


class LocaleIn(In):
    """Without a subject it has the default one's."""

    subject: Subject | None = None
    html: Markup | None = None
    mjml: Markup | None = None
    text: Markup | None = None


class TemplateChanges(Changes):
    """Absent keeps. `html` and `mjml` replace each other. `locales` are all there are besides the default."""

    required: ClassVar[frozenset[str]] = frozenset({"name"})

    name: Line | None = None
    subject: Subject | None = None
    html: Markup | None = None
    mjml: Markup | None = None
    text: Markup | None = None
    locales: Annotated[dict[Language, LocaleIn], Field(max_length=20)] | None = None
    sample: Data | None = Field(default=None, description="Values for a preview that names none")
    client_id: str | None = None

    def values(self) -> dict[str, Any]:
        """What was sent."""
        sent = self.changes()
        if self.locales is not None:
            sent["locales"] = {name: locale.model_dump(exclude_unset=True) for name, locale in self.locales.items()}
        return sent


class TemplateIn(TemplateChanges):
    """`name` is required, and one of `html`, `mjml` and `text`."""

    name: Line


class TemplateHead(Out):
    """As lists show it: without what it says."""

    id: str
    client_id: str
    name: str
    subject: str
    variables: list[str]
    languages: list[str]
    sample: dict[str, Any]
    created_by: str
    created_at: Time
    updated_at: Time
    version: int


class LocaleOut(BodyOut):
    subject: str


class TemplateOut(TemplateHead, BodyOut):
    locales: dict[str, LocaleOut]


def template_head(template: Template) -> TemplateHead:
    return TemplateHead.model_validate(template)


def template_out(template: Template) -> TemplateOut:
    own = template.default
    others = {name: LocaleOut.model_validate(letter) for name, letter in template.letters.items() if name}
    head = template_head(template).model_dump()
    return TemplateOut(**head, html=own.html, mjml=own.mjml, text=own.text, locales=others)
