"""Salesforce REST API v67.0, https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest."""

from collections.abc import Callable
from typing import Any

from groundswell.integrations.catalogue.signing import bearer
from groundswell.integrations.catalogue.wording import OAUTH_TOKENS, get, the_one
from groundswell.integrations.paging import url_at
from groundswell.integrations.platform import At, Call, Credentials, Field, OAuth, Platform, Spec, Stream, StreamKind
from groundswell.integrations.problems import Problem, Reply


def classify(reply: Reply, content: Any) -> Problem | None:
    """Errors are an array; the daily limit comes as 403."""
    first = content[0] if isinstance(content, list) and content and isinstance(content[0], dict) else {}
    code, words = first.get("errorCode"), str(first.get("message", ""))
    if code == "REQUEST_LIMIT_EXCEEDED":
        return Problem("throttled", words, 900.0)
    return Problem("auth", words) if code == "INVALID_SESSION_ID" else None


def _query(kind: str, names: str) -> Callable[[At], Call]:
    def ask(at: At) -> Call:
        since = f" WHERE SystemModstamp >= {at.since:%Y-%m-%dT%H:%M:%SZ}" if at.since else ""
        return get("/query", {"q": f"SELECT Id,{names},SystemModstamp FROM {kind}{since} ORDER BY SystemModstamp"})  # noqa: S608 - ours

    return ask


def _stream(name: str, kind: StreamKind, record_type: str, names: str, fields: dict[str, Spec]) -> Stream:
    every: dict[str, Spec] = {"id": "Id", "updated_at": "SystemModstamp", **fields}
    return Stream(name, kind, _query(record_type, names), "records", every, url_at("nextRecordsUrl"), follows=True)


_PERSON: dict[str, Spec] = {
    "email": "Email",
    "phone": "Phone",
    "first_name": "FirstName",
    "last_name": "LastName",
    "title": "Title",
}


def _base(credentials: Credentials) -> str:
    host = credentials.get("instance_url", "").strip().lower().removeprefix("https://").rstrip("/")
    return f"https://{host}"


PLATFORM = Platform(
    name="salesforce",
    title="Salesforce",
    category="crm",
    auth="oauth2",
    url="",
    prefix="/services/data/v67.0",
    base=_base,
    headers={"sforce-query-options": "batchSize=200"},  # a page is to be worked off well within a lease
    credentials=(
        Field(
            "instance_url",
            "Instance, such as https://acme.my.salesforce.com",
            secret=False,
            required=False,
            aliases=("instance", "domain"),
            pattern=r"(https://)?([a-z0-9-]{1,60}\.){1,5}(salesforce\.com|force\.com|salesforce\.mil)/?",
        ),
        *OAUTH_TOKENS,
    ),
    sign=bearer,
    classify=classify,
    message="[0].message || error_description || error",
    probe=lambda at: get("/query", {"q": "SELECT Id FROM Contact LIMIT 1"}),
    account=the_one,
    streams=(
        _stream("contacts", "contact", "Contact", "Email,Phone,FirstName,LastName,Title", _PERSON),
        _stream(
            "leads",
            "contact",
            "Lead",
            "Email,Phone,FirstName,LastName,Title,Company,Website,Status",
            {**_PERSON, "company": "Company", "website": "Website", "status": "Status"},
        ),
        _stream(
            "opportunities",
            "deal",
            "Opportunity",
            "Name,Amount,StageName,CloseDate",
            {"name": "Name", "amount": "Amount", "status": "StageName", "closes_at": "CloseDate"},
        ),
    ),
    oauth=OAuth(
        "https://login.salesforce.com/services/oauth2/authorize",
        "/services/oauth2/token",
        "api refresh_token",
        "https://login.salesforce.com",
    ),
)
