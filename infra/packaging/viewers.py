"""The files of Swagger UI and Redoc, from a locked package, packed as browsers get them."""

import gzip
from importlib.util import find_spec
from pathlib import Path

FOLDER = "viewers"
_FILES = ("swagger-ui-dist/swagger-ui-bundle.js", "swagger-ui-dist/swagger-ui.css", "redoc/bundles/redoc.standalone.js")


def write_viewers(folder: Path) -> None:
    """`folder/viewers/<file>.gz`, the same bytes every time."""
    target = folder / FOLDER
    target.mkdir(exist_ok=True)
    for file in _FILES:
        source = _package() / "static/drf_spectacular_sidecar" / file
        half = target / f"{source.name}.half"
        half.write_bytes(gzip.compress(source.read_bytes(), mtime=0))
        half.replace(target / f"{source.name}.gz")


def _package() -> Path:
    """Found and not imported: it is made for Django. Raises ModuleNotFoundError."""
    spec = find_spec("drf_spectacular_sidecar")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("drf_spectacular_sidecar")
    return Path(spec.origin).parent
