"""One feature's pages: templates and texts in a folder of its own, within the one layout."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FunctionLoader, StrictUndefined

from groundswell.kernel.errors import DomainError, FieldProblem
from groundswell.pages import texts
from groundswell.pages.languages import DEFAULT, choose
from groundswell.pages.model import OURS, Rendered, Theme, Visit, problems_by_field
from groundswell.pages.policy import policy

_OWN = Path(__file__).parent
_SHARED = ("layout.html", "forms.html", "message.html")
NAMES = {
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "it": "Italiano",
    "nl": "Nederlands",
    "pt": "Português",
}
"""Languages by their own names."""


class Pages:
    """`folder` holds `templates/*.html` and `texts/<language>.json`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def languages(self) -> tuple[str, ...]:
        """Those that the feature has texts in, English first."""
        own = self._texts()
        return (DEFAULT, *(language for language in own if language != DEFAULT))

    def render(
        self,
        visit: Visit,
        template: str,
        *,
        theme: Theme = OURS,
        problems: Sequence[FieldProblem] = (),
        fallback: Sequence[str] = (),
        images: tuple[str, ...] = (),
        **values: Any,
    ) -> Rendered:
        """The page as the visitor sees it. `values` are plain data for the template, escaped there; `problems` are
        shown at their fields; `fallback` are languages to try after the visitor's, such as the client's own."""
        language = choose((*visit.languages, *fallback), self.languages)
        say = texts.speaker(language, self._texts(), _own_texts())
        style = _style()
        html = self._environment.get_template(template).render(
            **values,
            say=say,
            theme={"name": theme.name, "logo": theme.logo if theme.logo_origin else None},
            problems={name: self._explain(problem, say) for name, problem in problems_by_field(problems).items()},
            language=language,
            others=[_other(visit, other_language) for other_language in self.languages if other_language != language],
            style=style,
        )
        return Rendered(html, language, policy(style, theme, images))

    def refusal(self, visit: Visit, error: DomainError, status: int) -> Rendered:
        """What went wrong, as a page: by the error's code, else by its status."""
        own, ours = self._texts(), _own_texts()
        keys = (f"error.{error.code}", f"error.{status}", "error.other")
        key = next(key for key in keys if texts.says(key, own, ours))
        return self.render(visit, "message.html", title="error.title", message=key)

    def _explain(self, problem: FieldProblem, say: texts.Say) -> str:
        own, ours = self._texts(), _own_texts()
        keys = (f"problem.{problem.field}.{problem.code}", f"problem.{problem.code}", "problem.other")
        return say(next(key for key in keys if texts.says(key, own, ours)))

    def _texts(self) -> Any:
        return texts.read(self._folder / "texts")

    @property
    def _environment(self) -> Environment:
        return _environment(self._folder / "templates")


@cache
def _environment(folder: Path) -> Environment:
    """Everything is escaped, and what is not there is an error."""

    def load(name: str) -> str | None:
        path = (_OWN / "templates" if name in _SHARED else folder) / name
        return path.read_text(encoding="utf-8") if path.is_file() else None

    return Environment(loader=FunctionLoader(load), autoescape=True, undefined=StrictUndefined, auto_reload=False)


def _own_texts() -> Any:
    return texts.read(_OWN / "texts")


@cache
def _style() -> str:
    return (_OWN / "templates" / "style.css").read_text(encoding="utf-8")


def _other(visit: Visit, language: str) -> dict[str, str]:
    """A link to the same page in another language."""
    query = urlencode({**visit.query, "lang": language})
    return {"language": language, "name": NAMES.get(language, language), "href": f"?{query}"}
