"""MJML and CSS, by libraries that end the process for what nests too deep: what has few tags cannot."""

import re

from groundswell.kernel.errors import Invalid

TAGS_AT_MOST = 5_000
_TAG = re.compile(r"<[A-Za-z]")


def to_html(mjml: str, field: str) -> str:
    """Raises Invalid on the field."""
    from mjml import mjml2html  # few requests compile

    check_tags(mjml, field)
    try:
        html: str = mjml2html(mjml)
    except ValueError as error:
        raise Invalid.on(field, f"not MJML: {error}", "mjml") from error
    return html


def inlined(html: str) -> str:
    """Rules of style sheets into the elements, as mail programs need it; what only a rule can say stays. Nothing is
    fetched."""
    if "<style" not in html.lower():
        return html
    from css_inline import CSSInliner

    check_tags(html, "html")
    return CSSInliner(load_remote_stylesheets=False, keep_at_rules=True).inline(html)


def check_tags(markup: str, field: str) -> None:
    """Raises Invalid."""
    if sum(1 for _ in _TAG.finditer(markup)) > TAGS_AT_MOST:
        raise Invalid.on(field, f"more than {TAGS_AT_MOST} tags", "too_large")
