"""What a page is made of, beside its template and texts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from groundswell.kernel.errors import FieldProblem

PRODUCT = "Groundswell"
_HOST = re.compile(r"[a-z0-9.-]+(:[0-9]{1,5})?|\[[0-9a-f:.]+\](:[0-9]{1,5})?")


@dataclass(frozen=True)
class Theme:
    """Whose page it is: the client's name and the address of its logo, or ours."""

    name: str = PRODUCT
    logo: str | None = None

    @property
    def logo_origin(self) -> str | None:
        """Where the logo comes from, as a content security policy spells it. None for what no policy may name: a
        client writes that address, and `;` in it would write our policy."""
        if self.logo is None:
            return None
        try:
            parts = urlsplit(self.logo)
        except ValueError:
            return None
        host = parts.netloc.lower()
        return f"{parts.scheme}://{host}" if parts.scheme in ("https", "http") and _HOST.fullmatch(host) else None


OURS = Theme()


@dataclass(frozen=True)
class Visit:
    """Who looks at the page, and where: `languages` by preference, `path` and `query` as asked for."""

    languages: Sequence[str] = ()
    path: str = ""
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Rendered:
    """A whole page, and what its answer's headers say of it."""

    html: str
    language: str
    policy: str


def problems_by_field(problems: Sequence[FieldProblem]) -> dict[str, FieldProblem]:
    """The first problem of each field."""
    return {problem.field: problem for problem in reversed(problems)}
