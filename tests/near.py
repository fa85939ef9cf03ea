"""The tests of one feature in every tier, then the unit tier: `uv run poe near members`."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).parent
_TIERS = ("integration", "infra")


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("usage: poe near FEATURE", file=sys.stderr)
        return 2
    (feature,) = arguments
    near = sorted(map(str, tests_of(feature)))
    if not near and not any(feature in path.name for path in (_ROOT / "unit").rglob("*")):
        print(f"no test is named after {feature!r}", file=sys.stderr)
        return 2
    return int(pytest.main(["-n", "2", "--dist", "loadfile", "-q", str(_ROOT / "unit"), *near]))


def tests_of(feature: str) -> Iterator[Path]:
    """Folders called like the feature, and test files named after it, outside the unit tier."""
    for tier in _TIERS:
        for path in (_ROOT / tier).rglob("*"):
            is_folder = path.is_dir() and path.name == feature and any(path.rglob("test_*.py"))
            is_file = path.name.startswith("test_") and path.suffix == ".py" and feature in path.stem
            if is_folder or is_file:
                yield path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
