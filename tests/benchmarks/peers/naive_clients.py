"""What is often written first for the same job: FastAPI, a boto3 resource, JWT, an envelope, a page with its cursor."""

import base64
import json
import os
from datetime import datetime
from typing import Annotated, Any

import boto3
import jwt
from boto3.dynamodb.conditions import Key
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from mangum import Mangum
from pydantic import BaseModel

table = boto3.resource("dynamodb").Table(os.environ["TABLE_CORE"])
app = FastAPI()
SECRETS: dict[str, str] = {}
"""Signing secrets by `kid`: read before, as in a warm environment."""
_callers: dict[str, dict[str, Any]] = {}


class ClientOut(BaseModel):
    id: str
    name: str
    org_id: str
    timezone: str
    created_at: datetime
    updated_at: datetime
    version: int


class Meta(BaseModel):
    next_cursor: str | None
    has_more: bool
    limit: int


class Listed(BaseModel):
    status_code: int = 200
    message: str = "Success"
    data: list[ClientOut]
    meta: Meta


class One(BaseModel):
    status_code: int = 200
    message: str = "Success"
    data: ClientOut


def caller(credentials: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> dict[str, Any]:
    """Who calls; the user is remembered for the environment's life."""
    token = credentials.credentials
    secret = SECRETS[jwt.get_unverified_header(token)["kid"]]
    claims = jwt.decode(token, secret, algorithms=["HS256"], audience="groundswell-api")
    if claims["sub"] not in _callers:
        user = table.get_item(Key={"pk": f"USER#{claims['sub']}", "sk": "USER"}).get("Item")
        if user is None:
            raise HTTPException(status_code=401)
        _callers[claims["sub"]] = user
    return _callers[claims["sub"]]


@app.get("/api/v1/clients")
def list_clients(user: Annotated[dict[str, Any], Depends(caller)], limit: int = 50) -> Listed:
    answer = table.query(
        IndexName="gsi1",
        KeyConditionExpression=Key("gsi1pk").eq(f"ORG#{user['org_id']}") & Key("gsi1sk").begins_with("CLIENT#"),
        Limit=limit + 1,
    )
    items = answer["Items"]
    cursor = base64.urlsafe_b64encode(json.dumps({"id": items[limit - 1]["id"]}).encode()).decode()
    more = len(items) > limit
    clients = [ClientOut.model_validate(item) for item in items[:limit]]
    return Listed(data=clients, meta=Meta(next_cursor=cursor if more else None, has_more=more, limit=limit))


@app.get("/api/v1/clients/{client_id}")
def get_client(client_id: str, user: Annotated[dict[str, Any], Depends(caller)]) -> One:
    item = table.get_item(Key={"pk": f"CLIENT#{client_id}", "sk": "CLIENT"}, ConsistentRead=True).get("Item")
    if item is None or item["org_id"] != user["org_id"]:
        raise HTTPException(status_code=404)
    return One(data=ClientOut.model_validate(item))


handler = Mangum(app, lifespan="off")
