"""Mailchimp Marketing API 3.0, https://mailchimp.com/developer/marketing/api. Keys name their data centre."""

from collections.abc import Callable
from typing import Any

from groundswell.integrations.catalogue.signing import basic_value, need, with_headers
from groundswell.integrations.catalogue.wording import APP, get
from groundswell.integrations.paging import offset
from groundswell.integrations.platform import Accounts, At, Call, Credentials, Field, OAuth, Platform, Stream
from groundswell.integrations.problems import Problem, Reply

_PAGE = 250


def classify(reply: Reply, content: Any) -> Problem | None:
    """Too many connections may come as a 403 without a body."""
    return Problem("throttled", "too many connections", 10.0) if reply.status == 403 and not reply.body else None


def sign(call: Call, credentials: Credentials) -> Call:
    key = credentials.get("api_key")
    value = basic_value("key", key) if key else f"Bearer {need(credentials, 'access_token')}"
    return with_headers(call, authorization=value)


def _base(credentials: Credentials) -> str:
    centre = credentials.get("dc") or credentials.get("api_key", "").rpartition("-")[2]
    return f"https://{centre}.api.mailchimp.com"


def _metadata(tokens: Credentials) -> Call:
    """Which data centre a token is for. Tokens do not expire, and there is nothing to renew."""
    return get("/oauth2/metadata", authorization=f"OAuth {tokens['access_token']}")


def _paged(path: str, **more: str) -> Callable[[At], Call]:
    return lambda at: get(path, {"count": _PAGE, "offset": at.cursor or "0", **more})


def _members(at: At) -> Call:
    since = f"{at.since:%Y-%m-%dT%H:%M:%S+00:00}" if at.since else None
    query = {"count": _PAGE, "offset": at.cursor or "0", "since_last_changed": since}
    return get(f"/lists/{at.account.id}/members", query)


PLATFORM = Platform(
    name="mailchimp",
    title="Mailchimp",
    category="email",
    auth="api_key",
    url="",
    prefix="/3.0",
    base=_base,
    credentials=(
        Field(
            "api_key", "API key, with its data centre at the end", required=False, pattern=r"[0-9A-Za-z_-]+-[a-z]+\d+"
        ),
        Field("access_token", "Access token", required=False, aliases=("token",)),
        Field("dc", "Data centre, such as us21", required=False, secret=False, pattern=r"[a-z]+\d{1,4}"),
        *APP,
    ),
    oauth=OAuth(
        "https://login.mailchimp.com/oauth2/authorize",
        "/oauth2/token",
        "",
        token_host="https://login.mailchimp.com",  # noqa: S106 - an address
        pkce=False,
        details=_metadata,
        detail_fields={"dc": "dc"},
    ),
    sign=sign,
    classify=classify,
    message="detail || title",
    accounts=Accounts(_paged("/lists"), "lists", {"id": "id", "name": "name"}, offset("lists", "total_items")),
    streams=(
        Stream(
            "members",
            "contact",
            _members,
            "members",
            {
                "id": "id || unique_email_id || email_address",
                "updated_at": "last_changed",
                "email": "email_address",
                "status": "status",
                "first_name": "merge_fields.FNAME",
                "last_name": "merge_fields.LNAME",
                "phone": "merge_fields.PHONE",
                "locale": "language",
            },
            offset("members", "total_items"),
        ),
    ),
)
