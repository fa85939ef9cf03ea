"""X, by its API v2 (https://docs.x.com/x-api)."""

import re
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from html import unescape
from itertools import batched
from typing import Any
from urllib.parse import urlencode

from groundswell.kernel.clock import rfc3339
from groundswell.outbound.adapter_vendor import VendorAnswer
from groundswell.social.networks.adapter_calls import App, Calls, budget_of, read_tokens, words_of
from groundswell.social.networks.port import (
    Ambiguous,
    Draft,
    Duplicate,
    Engagement,
    Media,
    Profile,
    Published,
    Refused,
    Tokens,
    Uploaded,
)

_SCOPES = "tweet.read tweet.write users.read media.write offline.access"
_CHUNK = 4_000_000
_ASKED_AT_ONCE = 100
_RATES = ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")
_SHORTENED = re.compile(r"https://t\.co/\w+")
_VENDOR_URL, _OWN_PAGES = "https://api.x.com", "https://x.com"


class XNetwork:
    """`url` ends before the version. People let us in at x.com, or, where `url` is a peer's, there."""

    def __init__(self, url: str, app: App, now: Callable[[], datetime]) -> None:
        self._calls = Calls("X", url, now, reset="x-rate-limit-reset")
        self._pages = _OWN_PAGES if url == _VENDOR_URL else url
        self._app = app
        self._now = now

    @property
    def has_app(self) -> bool:
        return bool(self._app.client_id)

    def authorize_url(self, state: str, challenge: str) -> str:
        query = {
            "response_type": "code",
            "client_id": self._app.client_id,
            "redirect_uri": self._app.callback,
            "scope": _SCOPES,
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{self._pages}/i/oauth2/authorize?{urlencode(query)}"

    async def exchange(self, code: str, verifier: str) -> Tokens:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._app.callback,
            "code_verifier": verifier,
        }
        return await self._token(form)

    async def refresh(self, refresh_token: str) -> Tokens:
        return await self._token({"grant_type": "refresh_token", "refresh_token": refresh_token})

    async def _token(self, form: Mapping[str, str]) -> Tokens:
        """As a confidential client where we have a secret (RFC 6749 §2.3.1), else by our id alone."""
        headers = {}
        if self._app.secret:
            basic = b64encode(f"{self._app.client_id}:{self._app.secret}".encode()).decode()
            headers["Authorization"] = f"Basic {basic}"
        answer = await self._calls.call(
            "POST", "/2/oauth2/token", headers=headers, form={**form, "client_id": self._app.client_id}
        )
        return read_tokens(answer, self._now())

    async def profiles(self, token: str) -> Sequence[Profile]:
        answer = await self._calls.call("GET", "/2/users/me", token)
        user = _data(answer)
        return [Profile(str(user["id"]), f"@{user['username']}", str(user.get("name") or user["username"]))]

    async def publish(self, token: str, author: str, draft: Draft) -> Published:  # noqa: ARG002 - the port's
        body: dict[str, Any] = {"text": draft.text}
        if draft.media:
            body["media"] = {"media_ids": list(draft.media)}
        if draft.reply_to:
            body["reply"] = {"in_reply_to_tweet_id": draft.reply_to}
        try:
            answer = await self._calls.call("POST", "/2/tweets", token, body=body)
        except Refused as error:
            if "duplicate content" in str(error).lower():
                raise Duplicate(str(error)) from error
            raise
        try:
            published = _published(str(_data(answer)["id"]))
        except (KeyError, TypeError, ValueError) as error:
            raise Ambiguous(words_of(answer)) from error
        return replace(published, budget=budget_of(answer, *_RATES))

    async def find(self, token: str, author: str, draft: Draft, since: datetime) -> Published | None:
        params = {
            "max_results": 100,
            "start_time": rfc3339(since),
            "tweet.fields": "created_at,referenced_tweets",
        }
        answer = await self._calls.call("GET", f"/2/users/{author}/tweets", token, params=params)
        for tweet in answer.json().get("data") or ():
            replied = next(
                (str(ref["id"]) for ref in tweet.get("referenced_tweets") or () if ref.get("type") == "replied_to"),
                None,
            )
            if _same_text(str(tweet.get("text", "")), draft.text) and replied == draft.reply_to:
                return _published(str(tweet["id"]))
        return None

    async def upload(self, token: str, author: str, media: Media) -> Uploaded:  # noqa: ARG002 - the port's
        category = "tweet_video" if media.mime.startswith("video/") else "tweet_image"
        category = "tweet_gif" if media.mime == "image/gif" else category
        wanted = {"media_type": media.mime, "total_bytes": len(media.content), "media_category": category}
        begun = _data(await self._calls.call("POST", "/2/media/upload/initialize", token, body=wanted))
        media_id = str(begun["id"])
        for number, start in enumerate(range(0, len(media.content), _CHUNK)):
            chunk = media.content[start : start + _CHUNK]
            body = {"segment_index": number, "media": b64encode(chunk).decode()}
            await self._calls.call("POST", f"/2/media/upload/{media_id}/append", token, body=body)
        done = _data(await self._calls.call("POST", f"/2/media/upload/{media_id}/finalize", token))
        return Uploaded(media_id, _processed(done))

    async def is_ready(self, token: str, network_id: str) -> bool:
        params = {"command": "STATUS", "media_id": network_id}
        return _processed(_data(await self._calls.call("GET", "/2/media/upload", token, params=params)))

    async def engagement(self, token: str, author: str, ids: Sequence[str]) -> Mapping[str, Engagement]:  # noqa: ARG002 - the port's
        engagements: dict[str, Engagement] = {}
        for batch in batched(ids, _ASKED_AT_ONCE, strict=False):
            params = {"ids": ",".join(batch), "tweet.fields": "public_metrics,non_public_metrics"}
            answer = await self._calls.call("GET", "/2/tweets", token, params=params)
            for tweet in answer.json().get("data") or ():
                engagements[str(tweet["id"])] = _engagement(tweet)
        return engagements


def _engagement(tweet: Mapping[str, Any]) -> Engagement:
    public, own = tweet.get("public_metrics") or {}, tweet.get("non_public_metrics") or {}
    shares = [public[name] for name in ("retweet_count", "quote_count") if name in public]
    return Engagement(
        public.get("impression_count", own.get("impression_count")),
        public.get("like_count"),
        public.get("reply_count"),
        sum(shares) if shares else None,
        own.get("url_link_clicks"),
    )


def _data(answer: VendorAnswer) -> Mapping[str, Any]:
    """Raises Ambiguous for what is not the network's shape."""
    try:
        data: Mapping[str, Any] = answer.json()["data"]
    except (ValueError, KeyError, TypeError) as error:
        raise Ambiguous(words_of(answer)) from error
    return data


def _processed(media: Mapping[str, Any]) -> bool:
    """Raises Refused for what never will be."""
    processing = media.get("processing_info") or {}
    if processing.get("state") == "failed":
        raise Refused(str((processing.get("error") or {}).get("message") or "the media was not accepted"))
    return bool(processing.get("state", "succeeded") == "succeeded")


def _published(tweet_id: str) -> Published:
    return Published(tweet_id, f"https://x.com/i/status/{tweet_id}")


def _same_text(shown: str, sent: str) -> bool:
    """X escapes `&<>`, puts links of its own in the place of others, and one behind the text for media."""
    pieces = [unescape(piece) for piece in _SHORTENED.split(shown)]
    without_media = [*pieces[:-2], pieces[-2].rstrip()] if len(pieces) > 1 and not pieces[-1] else pieces
    return any(re.fullmatch(r"\S+".join(map(re.escape, fragments)), sent) for fragments in (pieces, without_media))
