"""The visitor's script, as it lies beside this module."""

from functools import cache
from hashlib import sha256
from pathlib import Path


@cache
def widget() -> tuple[bytes, str]:
    """(the script, its ETag)."""
    content = Path(__file__).with_name("widget.js").read_bytes()
    return content, f'"{sha256(content).hexdigest()[:16]}"'
