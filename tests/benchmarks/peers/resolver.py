"""Powertools' own router."""

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

app = APIGatewayHttpResolver()


@app.get("/hello")
def hello():
    return {"message": "hello"}


def handler(event, context):
    return app.resolve(event, context)
