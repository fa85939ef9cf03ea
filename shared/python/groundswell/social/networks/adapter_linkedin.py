"""LinkedIn, by its versioned API (https://learn.microsoft.com/linkedin/marketing/)."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from groundswell.kernel.clock import millis
from groundswell.outbound.adapter_vendor import VendorAnswer
from groundswell.social.networks.adapter_calls import App, Calls, read_tokens, words_of
from groundswell.social.networks.adapter_upload import upload_bytes
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

_SCOPES = "openid profile w_member_social w_organization_social r_organization_social rw_organization_admin"
_VENDOR_URL, _OWN_PAGES = "https://api.linkedin.com", "https://www.linkedin.com"
_RESERVED = re.compile(r"([\\|{}@\[\]()<>#*_~])")
_LOOKED_AT = 50


class LinkedInNetwork:
    """`version` is `YYYYMM`, which LinkedIn serves for about a year. People let us in at www.linkedin.com, or, where
    `url` is a peer's, there."""

    def __init__(self, url: str, version: str, app: App, now: Callable[[], datetime]) -> None:
        self._pages = _OWN_PAGES if url == _VENDOR_URL else url
        self._calls = Calls("LinkedIn", url, now)
        self._sign_in = Calls("LinkedIn", self._pages, now)
        self._headers = {"LinkedIn-Version": version, "X-Restli-Protocol-Version": "2.0.0"}
        self._app = app
        self._now = now

    @property
    def has_app(self) -> bool:
        return bool(self._app.client_id)

    def authorize_url(self, state: str, challenge: str) -> str:  # noqa: ARG002 - LinkedIn's web flow has no PKCE
        query = {
            "response_type": "code",
            "client_id": self._app.client_id,
            "redirect_uri": self._app.callback,
            "scope": _SCOPES,
            "state": state,
        }
        return f"{self._pages}/oauth/v2/authorization?{urlencode(query)}"

    async def exchange(self, code: str, verifier: str) -> Tokens:  # noqa: ARG002 - as above
        return await self._token({"grant_type": "authorization_code", "code": code, "redirect_uri": self._app.callback})

    async def refresh(self, refresh_token: str) -> Tokens:
        return await self._token({"grant_type": "refresh_token", "refresh_token": refresh_token})

    async def _token(self, form: Mapping[str, str]) -> Tokens:
        ours = {"client_id": self._app.client_id, "client_secret": self._app.secret}
        return read_tokens(
            await self._sign_in.call("POST", "/oauth/v2/accessToken", form={**form, **ours}), self._now()
        )

    async def profiles(self, token: str) -> Sequence[Profile]:
        """The member, and the organizations of which they are an administrator; these need a scope of their own."""
        member = _object(await self._calls.call("GET", "/v2/userinfo", token))
        profiles = [
            Profile(f"urn:li:person:{member['sub']}", str(member["sub"]), str(member.get("name") or member["sub"]))
        ]
        with suppress(Refused):  # a token without that scope posts as the member alone
            profiles += await self._organizations(token)
        return profiles

    async def _organizations(self, token: str) -> list[Profile]:
        params = {"q": "roleAssignee", "role": "ADMINISTRATOR", "state": "APPROVED", "count": 100}
        answer = await self._rest("GET", "/organizationAcls", token, params=params)
        return [
            await self._organization(token, str(element["organization"])) for element in _object(answer)["elements"]
        ]

    async def _organization(self, token: str, urn: str) -> Profile:
        number = urn.rpartition(":")[2]
        organization = _object(await self._rest("GET", f"/organizations/{quote(number, safe='')}", token))
        return Profile(
            urn, str(organization.get("vanityName") or number), str(organization.get("localizedName") or number)
        )

    async def publish(self, token: str, author: str, draft: Draft) -> Published:
        if draft.reply_to:
            return await self._comment(token, author, draft)
        body: dict[str, Any] = {
            "author": author,
            "commentary": escape(draft.text),
            "visibility": "PUBLIC",
            "distribution": {
                "feedDistribution": "MAIN_FEED",
                "targetEntities": [],
                "thirdPartyDistributionChannels": [],
            },
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": False,
        }
        if draft.media:
            body["content"] = _content(draft.media)
        try:
            answer = await self._rest("POST", "/posts", token, body=body)
        except Refused as error:
            if "duplicate" in str(error).lower():
                raise Duplicate(str(error)) from error
            raise
        urn = answer.headers.get("x-restli-id")
        if not urn:
            raise Ambiguous(words_of(answer))
        return _published(urn)

    async def _comment(self, token: str, author: str, draft: Draft) -> Published:
        target = draft.reply_to or ""
        body = {"actor": author, "object": target, "message": {"text": draft.text}}
        answer = await self._rest("POST", f"/socialActions/{quote(target, safe='')}/comments", token, body=body)
        comment = answer.headers.get("x-restli-id") or str(_object(answer).get("id") or "")
        if not comment:
            raise Ambiguous(words_of(answer))
        return Published(comment, _published(target).url)

    async def find(self, token: str, author: str, draft: Draft, since: datetime) -> Published | None:
        if draft.reply_to:
            return await self._find_comment(token, author, draft)
        params = {"q": "author", "author": author, "count": _LOOKED_AT, "sortBy": "CREATED"}
        answer = await self._rest("GET", "/posts", token, params=params, headers={"X-RestLi-Method": "FINDER"})
        for post in _object(answer).get("elements") or ():
            made = int(post.get("createdAt") or post.get("publishedAt") or 0)
            if made >= millis(since) and post.get("commentary") in (escape(draft.text), draft.text):
                return _published(str(post["id"]))
        return None

    async def _find_comment(self, token: str, author: str, draft: Draft) -> Published | None:
        target = draft.reply_to or ""
        answer = await self._rest("GET", f"/socialActions/{quote(target, safe='')}/comments", token)
        for comment in _object(answer).get("elements") or ():
            if comment.get("actor") == author and (comment.get("message") or {}).get("text") == draft.text:
                return Published(str(comment.get("commentUrn") or comment.get("id")), _published(target).url)
        return None

    async def upload(self, token: str, author: str, media: Media) -> Uploaded:
        send = self._video if media.mime.startswith("video/") else self._image
        return Uploaded(await send(token, author, media), ready=False)

    async def is_ready(self, token: str, network_id: str) -> bool:
        """An image whose state LinkedIn does not tell a member's token is taken for ready: a post may name it."""
        is_image = network_id.startswith("urn:li:image:")
        try:
            kind = "images" if is_image else "videos"
            answer = await self._rest("GET", f"/{kind}/{quote(network_id, safe='')}", token)
        except Refused:
            if is_image:
                return True
            raise
        status = _object(answer).get("status")
        if status == "PROCESSING_FAILED":
            raise Refused(f"LinkedIn could not process the {'image' if is_image else 'video'}")
        return status == "AVAILABLE"

    async def _image(self, token: str, author: str, media: Media) -> str:
        wanted = {"initializeUploadRequest": {"owner": author}}
        value = await self._begin(token, "images", wanted)
        await self._put(token, str(value["uploadUrl"]), media.content, media.mime)
        return str(value["image"])

    async def _video(self, token: str, author: str, media: Media) -> str:
        request = {
            "owner": author,
            "fileSizeBytes": len(media.content),
            "uploadCaptions": False,
            "uploadThumbnail": False,
        }
        value = await self._begin(token, "videos", {"initializeUploadRequest": request})
        parts = [
            await self._put(
                token,
                str(instruction["uploadUrl"]),
                media.content[int(instruction["firstByte"]) : int(instruction["lastByte"]) + 1],
                media.mime,
            )
            for instruction in value["uploadInstructions"]
        ]
        done = {"video": value["video"], "uploadToken": value.get("uploadToken", ""), "uploadedPartIds": parts}
        await self._rest("POST", "/videos?action=finalizeUpload", token, body={"finalizeUploadRequest": done})
        return str(value["video"])

    async def _begin(self, token: str, kind: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        answer = await self._rest("POST", f"/{kind}?action=initializeUpload", token, body=body)
        value = _object(answer).get("value")
        if not isinstance(value, dict):
            raise Ambiguous(words_of(answer))
        return value

    async def _put(self, token: str, url: str, content: bytes, mime: str) -> str:
        """The part's ETag. Only LinkedIn's own hosts, or the peer's, get the token."""
        host = urlsplit(url).netloc
        if host != urlsplit(self._pages).netloc and not host.endswith(".linkedin.com"):
            raise Refused("LinkedIn named a foreign host to upload to")
        return await upload_bytes(url, content, {"Authorization": f"Bearer {token}", "Content-Type": mime})

    async def engagement(self, token: str, author: str, ids: Sequence[str]) -> Mapping[str, Engagement]:
        """Organizations have statistics; of a member's posts LinkedIn tells likes and comments alone."""
        posts = [identifier for identifier in ids if identifier.startswith("urn:li:")]
        if author.startswith("urn:li:organization:"):
            return {post: statistics for post in posts if (statistics := await self._statistics(token, author, post))}
        return {post: await self._reactions(token, post) for post in posts}

    async def _statistics(self, token: str, author: str, urn: str) -> Engagement | None:
        kind = "ugcPosts" if ":ugcPost:" in urn else "shares"
        query = (
            f"q=organizationalEntity&organizationalEntity={quote(author, safe='')}&{kind}=List({quote(urn, safe='')})"
        )
        answer = await self._rest("GET", f"/organizationalEntityShareStatistics?{query}", token)
        for element in _object(answer).get("elements") or ():
            total = element.get("totalShareStatistics") or {}
            return Engagement(
                total.get("impressionCount"),
                total.get("likeCount"),
                total.get("commentCount"),
                total.get("shareCount"),
                total.get("clickCount"),
            )
        return None

    async def _reactions(self, token: str, urn: str) -> Engagement:
        actions = _object(await self._rest("GET", f"/socialActions/{quote(urn, safe='')}", token))
        likes, comments = actions.get("likesSummary") or {}, actions.get("commentsSummary") or {}
        return Engagement(
            None,
            likes.get("totalLikes"),
            comments.get("aggregatedTotalComments", comments.get("totalFirstLevelComments")),
        )

    async def _rest(self, method: str, path: str, token: str, **content: Any) -> VendorAnswer:
        headers = {**self._headers, **content.pop("headers", {})}
        return await self._calls.call(method, f"/rest{path}", token, headers=headers, **content)


def escape(text: str) -> str:
    """Little Text Format: reserved characters are kept by a backslash before them."""
    return _RESERVED.sub(r"\\\1", text)


def _content(media: Sequence[str]) -> dict[str, Any]:
    if len(media) == 1:
        return {"media": {"id": media[0]}}
    return {"multiImage": {"images": [{"id": urn} for urn in media]}}


def _object(answer: VendorAnswer) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError as error:
        raise Ambiguous(words_of(answer)) from error
    if not isinstance(body, dict):
        raise Ambiguous(words_of(answer))
    return body


def _published(urn: str) -> Published:
    return Published(urn, f"https://www.linkedin.com/feed/update/{urn}")
