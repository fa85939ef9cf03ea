"""Powertools' own router with Pydantic validation."""

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from pydantic import BaseModel

app = APIGatewayHttpResolver(enable_validation=True)


class Hello(BaseModel):
    message: str


@app.get("/hello")
def hello() -> Hello:
    return Hello(message="hello")


def handler(event, context):
    return app.resolve(event, context)
