"""Klaviyo API, revision 2026-10-15, https://developers.klaviyo.com/en/reference/api_overview."""

from collections.abc import Callable

from groundswell.integrations.catalogue.signing import need
from groundswell.integrations.catalogue.wording import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN, get, the_one
from groundswell.integrations.paging import url_at
from groundswell.integrations.platform import At, Call, Credentials, Field, OAuth, Platform, Stream


def sign(call: Call, credentials: Credentials) -> Call:
    key = credentials.get("api_key")
    value = f"Klaviyo-API-Key {key}" if key else f"Bearer {need(credentials, 'access_token')}"
    return Call(call.method, call.path, call.query, {**call.headers, "authorization": value}, call.body, call.form)


def _list(path: str, changed: str, size: int) -> Callable[[At], Call]:
    def ask(at: At) -> Call:
        since = f"greater-than({changed},{at.since:%Y-%m-%dT%H:%M:%SZ})" if at.since else None
        return get(path, {"filter": since, "sort": changed, "page[size]": size})

    return ask


PLATFORM = Platform(
    name="klaviyo",
    title="Klaviyo",
    category="email",
    auth="api_key",
    url="https://a.klaviyo.com",
    headers={"revision": "2026-10-15", "accept": "application/vnd.api+json"},
    credentials=(
        Field("api_key", "Private API key (pk_…)", required=False, aliases=("private_key", "private_api_key")),
        Field("access_token", "Access token", required=False, aliases=("token",)),
        REFRESH_TOKEN,
        CLIENT_ID,
        CLIENT_SECRET,
    ),
    sign=sign,
    message="errors[0].detail || errors[0].title",
    probe=lambda at: get("/api/profiles", {"page[size]": 1}),
    account=the_one,
    streams=(
        Stream(
            "profiles",
            "contact",
            _list("/api/profiles", "updated", 100),
            "data",
            {
                "id": "id",
                "updated_at": "attributes.updated",
                "email": "attributes.email",
                "phone": "attributes.phone_number",
                "first_name": "attributes.first_name",
                "last_name": "attributes.last_name",
                "company": "attributes.organization",
                "title": "attributes.title",
                "locale": "attributes.locale",
            },
            url_at("links.next"),
            follows=True,
        ),
        Stream(
            "events",
            "other",
            _list("/api/events", "datetime", 200),
            "data",
            {
                "id": "id",
                "updated_at": "attributes.datetime",
                "metric_id": "relationships.metric.data.id",
                "profile_id": "relationships.profile.data.id",
            },
            url_at("links.next"),
            follows=True,
        ),
    ),
    oauth=OAuth(
        "https://www.klaviyo.com/oauth/authorize",
        "/oauth/token",
        "profiles:read events:read",
        basic=True,
    ),
)
