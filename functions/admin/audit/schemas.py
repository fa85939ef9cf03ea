"""Wire shape of the audit log."""

from groundswell.http.schema import Out, Time


class EntryOut(Out):
    """`actor` is a user id, `key:<id>`, `system` or `anonymous`; `target` is `<kind>:<id>`."""

    id: str
    at: Time
    org_id: str
    action: str
    actor: str
    target: str
    details: dict[str, str]
    ip: str | None
    request_id: str | None
