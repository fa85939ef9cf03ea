"""Pipedrive API v2, https://developers.pipedrive.com/docs/api/v1."""

from collections.abc import Callable

from groundswell.integrations.catalogue.signing import Sign, need
from groundswell.integrations.catalogue.wording import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN, get, the_one, upper
from groundswell.integrations.paging import cursor_at
from groundswell.integrations.platform import At, Call, Credentials, Field, OAuth, Platform, Stream


def sign(call: Call, credentials: Credentials) -> Call:
    """A personal token has a header of its own; OAuth's is a bearer."""
    key = credentials.get("api_token")
    named = {"x-api-token": key} if key else {"authorization": f"Bearer {need(credentials, 'access_token')}"}
    return Call(call.method, call.path, call.query, {**call.headers, **named}, call.body, call.form)


_SIGN: Sign = sign


def _list(path: str) -> Callable[[At], Call]:
    def ask(at: At) -> Call:
        since = f"{at.since:%Y-%m-%dT%H:%M:%SZ}" if at.since else None
        return get(path, {"limit": 200, "cursor": at.cursor, "updated_since": since})

    return ask


def _base(credentials: Credentials) -> str:
    """The company's own, as its tokens say, or as people do."""
    named = credentials.get("api_domain") or credentials.get("domain") or "api"
    return f"https://{named.strip().lower().removeprefix('https://').rstrip('/').removesuffix('.pipedrive.com')}.pipedrive.com"


PLATFORM = Platform(
    name="pipedrive",
    title="Pipedrive",
    category="crm",
    auth="oauth2",
    url="",
    prefix="/api/v2",
    base=_base,
    credentials=(
        Field(
            "domain",
            "Company domain: acme of acme.pipedrive.com",
            secret=False,
            required=False,
            aliases=("company_domain",),
            pattern=r"(https://)?[a-z0-9][a-z0-9-]{0,60}(\.pipedrive\.com)?/?",
        ),
        Field("api_token", "Personal API token", required=False, aliases=("api_key",)),
        Field("access_token", "Access token", required=False, aliases=("token",)),
        REFRESH_TOKEN,
        CLIENT_ID,
        CLIENT_SECRET,
    ),
    sign=_SIGN,
    message="error || error_info || message",
    probe=lambda at: get("/persons", {"limit": 1}),
    account=the_one,
    streams=(
        Stream(
            "persons",
            "contact",
            _list("/persons"),
            "data",
            {
                "id": "id",
                "updated_at": "update_time",
                "email": "(emails || email)[?primary].value | [0] || (emails || email)[0].value",
                "phone": "(phones || phone)[?primary].value | [0] || (phones || phone)[0].value",
                "name": "name",
                "first_name": "first_name",
                "last_name": "last_name",
                "title": "job_title",
            },
            cursor_at("additional_data.next_cursor"),
        ),
        Stream(
            "deals",
            "deal",
            _list("/deals"),
            "data",
            {
                "id": "id",
                "updated_at": "update_time",
                "name": "title",
                "amount": "value",
                "currency": upper("currency"),
                "status": "status",
                "closes_at": "expected_close_date",
            },
            cursor_at("additional_data.next_cursor"),
        ),
    ),
    oauth=OAuth(
        "https://oauth.pipedrive.com/oauth/authorize",
        "/oauth/token",
        "",
        "https://oauth.pipedrive.com",
        pkce=False,
        basic=True,
    ),
)
