"""What an export is about, how long its file lives, and where it lies."""

from datetime import timedelta

from groundswell.kernel.errors import Invalid
from groundswell.operations.model import Operation

JOB = "export"
KEPT = timedelta(days=7)
"""What the bucket deletes objects after."""
LINK = timedelta(minutes=5)
EVENTS_AT_MOST = 2_000_000


class SeveralPersons(Invalid):
    code = "SEVERAL_PERSONS"
    message = "Several persons gave this e-mail: ask for each by an id"


class TooMuchToExport(Invalid):
    code = "TOO_MUCH_TO_EXPORT"
    message = f"There are more than {EVENTS_AT_MOST} events: ask the archive for them"


class FilesGone(Invalid):
    code = "FILES_GONE"
    message = "The person was erased, or the files expired, before the export was finished"


def folder(client_id: str, operation_id: str = "") -> str:
    """What the names of an export's objects begin with; without the id, those of all exports of the client."""
    return f"people/{client_id}/{operation_id}/" if operation_id else f"people/{client_id}/"


def bundle(operation: Operation) -> str:
    """The name of the finished file."""
    return f"{folder(operation.client_id, operation.id)}export.zip"


def erased(operation: Operation) -> bool:
    """Whether the file is gone because somebody in it was erased."""
    return bool((operation.result or {}).get("erased_at"))
