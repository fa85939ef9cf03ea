"""Templates: messages that campaigns share, in several languages."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from groundswell.access.model import ClientContext
from groundswell.audit.model import Entry
from groundswell.campaigns.letters import LARGEST, Letter, Rendered, in_language, letter_problems, render
from groundswell.kernel.errors import Conflict, Invalid, NotFound, require_version
from groundswell.kernel.ids import can_be_id
from groundswell.kernel.page import Page, Position


class TemplateNotFound(NotFound):
    code = "TEMPLATE_NOT_FOUND"
    message = "No such template"


class TemplateInUse(Conflict):
    code = "IN_USE"
    message = "Campaigns use this template: `error.details.campaigns` names them"


@dataclass(frozen=True)
class Template:
    """`letters` are by language; the default one's name is empty. A list leaves them out."""

    id: str
    client_id: str
    name: str
    subject: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    sample: Mapping[str, Any] = field(default_factory=dict)
    variables: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    letters: Mapping[str, Letter] = field(default_factory=dict)
    version: int = 0

    @property
    def default(self) -> Letter:
        return self.letters.get("", Letter())


@dataclass(frozen=True)
class Preview:
    rendered: Rendered
    missing: tuple[str, ...]
    warnings: tuple[str, ...] = ()


class TemplateStore(Protocol):
    def find(self, client_id: str, template_id: str) -> Template | None: ...

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[Template]: ...

    def save(self, template: Template) -> Template: ...

    def remove(self, template: Template, noted: Entry) -> None: ...

    def used_by(self, client_id: str, template_id: str) -> tuple[str, ...]:
        """Campaigns that are not over, a few of them."""


class Recipients(Protocol):
    def values(self, client_id: str, lead_id: str) -> Mapping[str, Any]:
        """What messages may say of a lead, and its `locale`. Raises LeadNotFound."""


class TemplateService:
    """`to_html` compiles MJML; raises Invalid on the field."""

    def __init__(
        self,
        store: TemplateStore,
        leads: Recipients,
        to_html: Callable[[str, str], str],
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._leads = leads
        self._to_html = to_html
        self._now = now
        self._new_id = new_id

    def create(self, acting: ClientContext, values: Mapping[str, Any]) -> Template:
        """Raises Invalid."""
        now = self._now()
        blank = Template(self._new_id(), acting.client_id, values["name"], "", acting.actor_id, now, now)
        return self._store.save(self._edited(blank, values))

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[Template]:
        return self._store.page(client_id, limit, position)

    def get(self, client_id: str, template_id: str) -> Template:
        """Raises TemplateNotFound."""
        template = self._store.find(client_id, template_id) if can_be_id(template_id) else None
        if template is None:
            raise TemplateNotFound
        return template

    def update(
        self, acting: ClientContext, template_id: str, values: Mapping[str, Any], expected: int | None
    ) -> Template:
        """Raises TemplateNotFound, Invalid, PreconditionFailed."""
        template = self.get(acting.client_id, template_id)
        require_version(expected, template.version)
        return self._store.save(self._edited(template, values))

    def delete(self, acting: ClientContext, template_id: str, expected: int | None) -> None:
        """Raises TemplateNotFound, TemplateInUse, PreconditionFailed."""
        template = self.get(acting.client_id, template_id)
        require_version(expected, template.version)
        if campaigns := self._store.used_by(acting.client_id, template_id):
            raise TemplateInUse(details={"campaigns": list(campaigns)})
        details = {"client": acting.client_id}
        noted = Entry(acting.org_id, "template.deleted", acting.actor_id, f"template:{template.id}", details)
        self._store.remove(template, noted)

    def preview(
        self, client_id: str, template_id: str, *, lead_id: str | None, data: Mapping[str, Any], locale: str | None
    ) -> Preview:
        """With a lead's values, else with `data`, else with the template's sample. Raises TemplateNotFound,
        LeadNotFound."""
        template = self.get(client_id, template_id)
        values = {**self._leads.values(client_id, lead_id), **data} if lead_id else data or template.sample
        letter = in_language(template.letters, locale or values.get("locale"))
        letter = replace(letter, subject=letter.subject or template.subject)
        return Preview(render(letter, values), letter.missing(values))

    def _edited(self, template: Template, values: Mapping[str, Any]) -> Template:
        default = self._letter(template.default, values, "")
        letters = {"": default}
        others = {name: letter for name, letter in template.letters.items() if name}
        if "locales" in values:
            kept = {name: others.get(name, Letter()) for name in values["locales"] or {}}
            others = {
                name: self._letter(kept[name], changes, name) for name, changes in (values["locales"] or {}).items()
            }
        letters |= {name: replace(letter, subject=letter.subject or default.subject) for name, letter in others.items()}
        check_letters(letters)
        return replace(
            template,
            name=values.get("name", template.name),
            subject=default.subject,
            sample=values.get("sample", template.sample) or {},
            variables=tuple(sorted({name for letter in letters.values() for name in letter.variables})),
            languages=tuple(sorted(others)),
            letters=letters,
            updated_at=self._now(),
        )

    def _letter(self, before: Letter, values: Mapping[str, Any], language: str) -> Letter:
        field = f"locales.{language}." if language else ""
        return edited_letter(before, values, field, self._to_html)


def edited_letter(before: Letter, values: Mapping[str, Any], field: str, to_html: Callable[[str, str], str]) -> Letter:
    """HTML and MJML replace each other. Raises Invalid on `<field>mjml`."""
    if values.get("html") and values.get("mjml"):
        raise Invalid.on(f"{field}mjml", "either html or mjml")
    letter = replace(
        before,
        subject=(values.get("subject", before.subject) or ""),
        text=(values.get("text", before.text) or ""),
    )
    if values.get("mjml"):
        return replace(letter, mjml=values["mjml"], html=to_html(values["mjml"], f"{field}mjml"))
    if "html" in values:
        return replace(letter, mjml=None, html=values["html"] or "")
    return replace(letter, mjml=None, html="") if "mjml" in values else letter


def check_letters(letters: Mapping[str, Letter], field: str = "") -> None:
    """Raises Invalid for empty ones, for what is no variable, and for what is too large together."""
    problems = tuple(
        problem
        for name, letter in letters.items()
        for problem in letter_problems(letter, f"locales.{name}" if name else field)
    )
    if problems:
        raise Invalid(problems=problems)
    if letters[""].empty:
        raise Invalid.on(f"{field}.html" if field else "html", "html, mjml or text is required", "missing")
    if len(json.dumps([asdict(letter) for letter in letters.values()]).encode()) > LARGEST:
        raise Invalid.on(field or "html", f"all languages together have {LARGEST} bytes at most", "too_large")
