"""An event batch as a FastAPI body model, and nothing else: no dedupe key, no packing, no store."""

from datetime import datetime
from typing import Any, Literal

from fastapi import FastAPI
from mangum import Mangum
from pydantic import BaseModel, Field

app = FastAPI()


class Message(BaseModel):
    type: Literal["track", "page", "screen", "identify", "group", "alias"]
    messageId: str = Field(max_length=128)  # noqa: N815 - the wire's name
    event: str | None = None
    userId: str | None = None  # noqa: N815
    anonymousId: str | None = None  # noqa: N815
    timestamp: datetime | None = None
    properties: dict[str, Any] = {}
    traits: dict[str, Any] = {}
    context: dict[str, Any] = {}
    integrations: dict[str, Any] = {}


class Batch(BaseModel):
    batch: list[Message]
    sentAt: datetime | None = None  # noqa: N815
    writeKey: str | None = None  # noqa: N815


class Accepted(BaseModel):
    success: bool
    accepted: int


@app.post("/v1/batch")
async def batch(body: Batch) -> Accepted:
    return Accepted(success=True, accepted=len(body.batch))


handler = Mangum(app, lifespan="off")
