"""X and LinkedIn on loopback, as far as posts use them: they remember what was posted, and fail as a test says."""

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.receiver import Received, Receiver, Reply, receiver

type Trouble = Callable[[str, int], Reply | None]
"""Gets a path and the number of calls to it before; None lets it through."""


@dataclass
class NetworkPeer:
    """`token` is the one that is good; refreshing makes it `token + "+"`. `silent` are numbers of publications (from 0)
    that are done and answered 500, or, if `hangs_up`, not at all. `version` is LinkedIn's that is served still.
    `likes` is what everything has; `room` are the publications left. `states` are what LinkedIn says of a file one
    after the other, the last one for good."""

    token: str = "t"
    trouble: Trouble = lambda _path, _calls: None
    silent: set[int] = field(default_factory=set)
    hangs_up: bool = False
    version: str | None = None
    likes: int = 3
    room: int = 100
    states: list[str] = field(default_factory=lambda: ["AVAILABLE"])
    comments: list[dict[str, Any]] = field(default_factory=list)
    server: Receiver | None = None
    posts: list[dict[str, Any]] = field(default_factory=list)
    uploads: list[str] = field(default_factory=list)
    calls: dict[str, int] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def url(self) -> str:
        assert self.server
        return self.server.url

    def answer(self, received: Received) -> Reply:
        path = urlsplit(received.path).path
        before = self.calls.get(path, 0)
        self.calls[path] = before + 1
        if path in ("/2/oauth2/token", "/oauth/v2/accessToken"):
            return self._tokens(received)
        if received.headers.get("authorization") != f"Bearer {self.token}":
            return _json({"title": "Unauthorized", "detail": "Unauthorized"}, 401)
        if path.startswith("/rest/") and self.version not in (None, received.headers.get("linkedin-version")):
            return _json(
                {"status": 426, "code": "NONEXISTENT_VERSION", "message": "Requested version is not active"}, 426
            )
        return self.trouble(path, before) or self._route(received, path)

    def _tokens(self, received: Received) -> Reply:
        form = parse_qs(received.body.decode())
        if form["grant_type"] == ["refresh_token"] and form["refresh_token"] != ["r"]:
            return _json({"error": "invalid_grant"}, 400)
        self.token += "+"
        return _json({"access_token": self.token, "refresh_token": "r", "expires_in": 7200})

    def _route(self, received: Received, path: str) -> Reply:
        body = json.loads(received.body) if received.body[:1] == b"{" else {}
        query = {name: values[0] for name, values in parse_qs(urlsplit(received.path).query).items()}
        match received.method, path.split("/")[1:]:
            case "GET", ["2", "users", "me"]:
                return _json({"data": {"id": "7", "username": "acme", "name": "Acme"}})
            case "POST", ["2", "tweets"]:
                self.room -= 1
                rate = {"x-rate-limit-remaining": str(self.room), "x-rate-limit-reset": "4000000000"}
                made = {**body, "id": str(next(self.numbers))}
                return self._publish(made, lambda made: Reply(201, rate, json.dumps({"data": made}).encode()))
            case "GET", ["2", "tweets"]:
                return _json({"data": [_metrics(post_id, self.likes) for post_id in query["ids"].split(",")]})
            case "GET", ["2", "users", _, "tweets"]:
                return _json({"data": [_timeline(post) for post in reversed(self.posts)]})
            case "POST", ["2", "media", "upload", *_]:
                return self._upload(path)
            case "GET", ["v2", "userinfo"]:
                return _json({"sub": "p1", "name": "Ada"})
            case "POST", ["rest", "images" | "videos" as kind] if query.get("action") == "initializeUpload":
                return self._linkedin_file(kind, body["initializeUploadRequest"])
            case "PUT", ["upload", name]:
                self.uploads.append(name)
                return Reply(201, {"etag": f"etag-{name}"})
            case "POST", ["rest", "videos"]:
                return _json({})
            case "GET", ["rest", "images" | "videos", _]:
                return _json({"status": self.states.pop(0) if len(self.states) > 1 else self.states[0]})
            case "GET", ["rest", "organizationAcls"]:
                return _json({"message": "Not enough permissions"}, 403)
            case "POST", ["rest", "posts"]:
                made = {**body, "id": f"urn:li:share:{next(self.numbers)}"}
                return self._publish(made, lambda made: Reply(201, {"x-restli-id": made["id"]}))
            case "GET", ["rest", "posts"]:
                return _json({"elements": [{**post, "createdAt": 4_000_000_000_000} for post in self.posts]})
            case "POST", ["rest", "socialActions", urn, "comments"]:
                self.comments.append({**body, "on": unquote(urn)})
                return Reply(201, {"x-restli-id": f"urn:li:comment:{len(self.comments)}"})
            case "GET", ["rest", "socialActions", _, "comments"]:
                return _json({"elements": self.comments})
            case "GET", ["rest", "socialActions", _]:
                return _json({"likesSummary": {"totalLikes": 4}, "commentsSummary": {"aggregatedTotalComments": 2}})
        return _json({"title": "Not Found", "message": path}, 404)

    def _publish(self, made: dict[str, Any], reply: Callable[[dict[str, Any]], Reply]) -> Reply:
        if any(post.get("text") == made.get("text") != None for post in self.posts):  # noqa: E711
            return _json({"detail": "You are not allowed to create a Tweet with duplicate content."}, 403)
        self.posts.append(made)
        if len(self.posts) - 1 in self.silent:
            return Reply(hangs_up=True) if self.hangs_up else _json({"title": "Internal Server Error"}, 500)
        return reply(made)

    def _linkedin_file(self, kind: str, wanted: dict[str, Any]) -> Reply:
        urn = f"urn:li:{kind[:-1]}:{len(self.uploads)}"
        if kind == "images":
            return _json({"value": {"uploadUrl": f"{self.url}/upload/image", "image": urn}})
        last = wanted["fileSizeBytes"] - 1
        halves = ((0, last // 2), (last // 2 + 1, last))
        pieces = [
            {"uploadUrl": f"{self.url}/upload/piece{number}", "firstByte": first, "lastByte": end}
            for number, (first, end) in enumerate(halves)
        ]
        return _json({"value": {"video": urn, "uploadToken": "", "uploadInstructions": pieces}})

    def _upload(self, path: str) -> Reply:
        if path.endswith("/initialize"):
            self.uploads.append(f"m{len(self.uploads)}")
            return _json({"data": {"id": self.uploads[-1]}})
        return _json({"data": {"id": self.uploads[-1]}})


def _metrics(post_id: str, likes: int) -> dict[str, Any]:
    counts = {"like_count": likes, "reply_count": 1, "retweet_count": 1, "quote_count": 0}
    return {"id": post_id, "public_metrics": counts}


def _timeline(post: dict[str, Any]) -> dict[str, Any]:
    replied = post.get("reply", {}).get("in_reply_to_tweet_id")
    refs = [{"type": "replied_to", "id": replied}] if replied else []
    return {"id": post["id"], "text": post["text"], "referenced_tweets": refs}


def _json(body: Any, status: int = 200) -> Reply:
    return Reply(status, body=json.dumps(body).encode())


@contextmanager
def network() -> Iterator[NetworkPeer]:
    peer = NetworkPeer()
    with receiver(peer.answer) as server:
        peer.server = server
        yield peer
