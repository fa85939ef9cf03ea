"""Wire shape of the audit log."""

from datetime import datetime

from groundswell.http.schema import Out


class EntryOut(Out):
    """`actor` is a user id, `key:<id>`, `system` or `anonymous`; `target` is `<kind>:<id>`."""

    id: str
    at: datetime
    org_id: str
    action: str
    actor: str
    target: str
    details: dict[str, str]
    ip: str | None
    request_id: str | None
