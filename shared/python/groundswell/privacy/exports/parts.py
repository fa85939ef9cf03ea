"""What a step leaves for the steps after it: objects named after their content.

Two workers at the same step may write different parts; each says in the operation which one it goes by, and only one
of them is believed.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256

from groundswell.events.archiver.lines import lines_of, packed
from groundswell.operations.model import Operation
from groundswell.privacy.exports.model import FilesGone, bundle, folder
from groundswell.privacy.exports.port import Files


class Parts:
    def __init__(self, files: Files) -> None:
        self._files = files

    def keep(self, operation: Operation, what: str, lines: Iterable[bytes]) -> str:
        """The part's name."""
        data = packed(lines)
        name = f"{what}-{sha256(data).hexdigest()[:24]}"
        self._files.put(f"{folder(operation.client_id, operation.id)}parts/{name}.gz", data)
        return name

    def read(self, operation: Operation, names: Iterable[str]) -> Iterator[bytes]:
        """Their lines. Raises FilesGone."""
        for name in names:
            blob = self._files.get(f"{folder(operation.client_id, operation.id)}parts/{name}.gz")
            if blob is None:
                raise FilesGone
            yield from lines_of(blob[0])

    def drop(self, operation: Operation) -> None:
        """All but the finished file."""
        names = self._files.names(folder(operation.client_id, operation.id))
        self._files.delete([name for name in names if name != bundle(operation)])
