"""What a team builds first: FastAPI, a body model with its nested models, an item an event, written by 25.

An event's key is made of its id, so that one that is sent again replaces itself. Nothing is grouped or compressed.
"""

import hmac
import json
from datetime import UTC, datetime
from hashlib import sha256
from itertools import batched
from typing import Annotated, Any, Literal

from boto3.dynamodb.types import TypeSerializer
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from mangum import Mangum
from pydantic import BaseModel, ConfigDict, Field

app = FastAPI()
serialize = TypeSerializer().serialize
store: Any = None
"""A boto3 client."""
KEYS: dict[str, tuple[str, str]] = {}
"""By API key: the client and the hash; read before, as in a warm environment."""


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")


class Library(Open):
    name: str | None = None
    version: str | None = None


class Page(Open):
    path: str | None = None
    url: str | None = None
    title: str | None = None
    referrer: str | None = None
    search: str | None = None


class Context(Open):
    library: Library | None = None
    page: Page | None = None
    userAgent: str | None = None  # noqa: N815 - the wire's name
    locale: str | None = None
    timezone: str | None = None
    ip: str | None = None


class Message(Open):
    type: Literal["track", "page", "screen", "identify", "group", "alias"]
    messageId: str = Field(max_length=128)  # noqa: N815
    event: str | None = Field(None, max_length=512)
    userId: str | None = Field(None, max_length=512)  # noqa: N815
    anonymousId: str | None = Field(None, max_length=512)  # noqa: N815
    timestamp: datetime | None = None
    properties: dict[str, Any] = {}
    traits: dict[str, Any] = {}
    context: Context = Context()
    integrations: dict[str, Any] = {}


class Batch(BaseModel):
    batch: list[Message]
    sentAt: datetime | None = None  # noqa: N815
    writeKey: str | None = None  # noqa: N815


class Accepted(BaseModel):
    success: bool
    accepted: int


async def client_of(credentials: Annotated[HTTPBasicCredentials, Depends(HTTPBasic())]) -> str:
    client_id, secret_hash = KEYS.get(credentials.username, ("", ""))
    if not hmac.compare_digest(sha256(credentials.username.encode()).hexdigest(), secret_hash):
        raise HTTPException(status_code=401)
    return client_id


def item(client_id: str, message: Message, skew: Any, received: datetime) -> dict[str, Any]:
    happened = (message.timestamp or received) + skew
    fields = {
        "pk": f"CLIENT#{client_id}#{happened:%Y-%m-%d}",
        "sk": sha256(f"{client_id}:{message.messageId}".encode()).hexdigest(),
        "message_id": message.messageId,
        "type": message.type,
        "event": message.event,
        "user_id": message.userId,
        "anonymous_id": message.anonymousId,
        "ts": happened.isoformat(),
        "received_at": received.isoformat(),
        "properties": json.dumps(message.properties),
        "traits": json.dumps(message.traits),
        "context": message.context.model_dump_json(exclude_none=True),
    }
    return {name: serialize(value) for name, value in fields.items() if value is not None}


@app.post("/v1/batch")
async def batch(body: Batch, client_id: Annotated[str, Depends(client_of)]) -> Accepted:
    received = datetime.now(UTC)
    skew = received - (body.sentAt or received)
    items = [item(client_id, message, skew, received) for message in body.batch]
    for chunk in batched(items, 25, strict=False):
        store.batch_write_item(RequestItems={"events": [{"PutRequest": {"Item": event_item}} for event_item in chunk]})
    return Accepted(success=True, accepted=len(items))


handler = Mangum(app, lifespan="off")
