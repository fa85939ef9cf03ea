"""Small JSON files of the data folder, written whole or not at all."""

import json
import os
from pathlib import Path
from typing import Any

PART = ".part"
"""How the name of a file ends that was not written whole yet."""


def read_json(path: Path, default: Any) -> Any:
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        return default


def write_json(path: Path, content: Any) -> None:
    """Readable by the owner only: some of these files hold keys."""
    part = path.with_name(path.name + PART)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file)
    part.replace(path)
