"""What sanitised HTML names: its attributes are quoted, and what is no tag is escaped."""

import re
from html import unescape

_LINK = re.compile(r'(?:src|href)="([^"]{1,4096})"')
_IMAGE = re.compile(r'<img[^>]{0,8192}? src="(https?://[^"/]{1,255})')


def links_in(html: str) -> list[str]:
    """The addresses that sanitised HTML names."""
    return [unescape(match) for match in _LINK.findall(html)]


def image_origins(html: str) -> tuple[str, ...]:
    """Where sanitised HTML has images from."""
    return tuple(dict.fromkeys(_IMAGE.findall(html)))
