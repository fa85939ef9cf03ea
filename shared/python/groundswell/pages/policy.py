"""The content security policy of a page: nothing runs, nothing is loaded but its own style sheet and named images."""

import base64
from hashlib import sha256

from groundswell.pages.model import Theme


def policy(style: str, theme: Theme, images: tuple[str, ...] = ()) -> str:
    """`style` is the text of the page's `<style>`; `images` are more origins that its images and videos come
    from.

    No scripts at all, no inline style, no frames in it or around it; forms go back to where they came from.
    """
    digest = base64.b64encode(sha256(style.encode()).digest()).decode()
    origins = " ".join(("'self'", *filter(None, (theme.logo_origin, *images))))
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src {origins}; media-src {origins}; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
