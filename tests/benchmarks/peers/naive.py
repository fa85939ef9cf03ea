"""What is often written first: FastAPI, a boto3 resource, Tracer, a sync route that reads one item."""

import os

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from fastapi import FastAPI, HTTPException
from mangum import Mangum
from pydantic import BaseModel

logger = Logger(service="naive")
metrics = Metrics(namespace="naive", service="naive")
tracer = Tracer(service="naive")
table = boto3.resource("dynamodb").Table(os.environ["TABLE_CORE"])
app = FastAPI()


class Item(BaseModel):
    pk: str
    sk: str


@app.get("/items/{item_id}")
def get_item(item_id: str) -> Item:
    item = table.get_item(Key={"pk": item_id, "sk": "ITEM"}).get("Item")
    if item is None:
        raise HTTPException(status_code=404)
    return Item(pk=item["pk"], sk=item["sk"])


_mangum = Mangum(app, lifespan="off")


@logger.inject_lambda_context
@tracer.capture_lambda_handler
def handler(event, context):
    return _mangum(event, context)
