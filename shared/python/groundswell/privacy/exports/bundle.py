"""The file: a ZIP of JSON and JSON lines with a manifest. The same content makes the same bytes."""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import IO, Any, Self
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import msgspec

_IN_MEMORY = 64 * 1024 * 1024
_BEGINNING = (1980, 1, 1, 0, 0, 0)  # no time of its own, which would differ at a repeat
_CHUNK = 1024 * 1024


class Bundle:
    """`with Bundle() as made:` — add files, then `close` with what the manifest says besides, then read `file`."""

    def __init__(self) -> None:
        self._file: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed on exit
        self._zip = ZipFile(self._file, "w", ZIP_DEFLATED)
        self.files: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._zip.close()
        self._file.close()

    def add(self, name: str, lines: Iterable[bytes]) -> int:
        """How many lines there were."""
        records, size, digest = 0, 0, sha256()
        with self._zip.open(_info(name), "w", force_zip64=True) as file:
            for line in lines:
                file.write(line)
                digest.update(line)
                records, size = records + 1, size + len(line)
        self.files.append({"name": name, "records": records, "bytes": size, "sha256": digest.hexdigest()})
        return records

    def close(self, manifest: Mapping[str, Any]) -> IO[bytes]:
        """With the manifest, at its beginning."""
        self._zip.writestr(_info("manifest.json"), pretty({**manifest, "files": self.files}))
        self._zip.close()
        self._file.seek(0)
        return self._file


def pretty(document: Mapping[str, Any]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def digest_of(file: IO[bytes]) -> tuple[str, int]:
    """SHA-256 and size; afterwards the file is at its beginning again."""
    digest, size = sha256(), 0
    for chunk in _chunks(file):
        digest.update(chunk)
        size += len(chunk)
    file.seek(0)
    return digest.hexdigest(), size


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk


def _info(name: str) -> ZipInfo:
    info = ZipInfo(name, _BEGINNING)
    info.compress_type = ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info
