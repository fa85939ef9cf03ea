"""The function `webhooks`."""

from functions.webhooks.documents import describe_webhooks
from functions.webhooks.routes import router
from groundswell.http.app import create_app, lambda_handler
from groundswell.storage.client import dynamodb, secrets

app = create_app(router)
app.state.describe_webhooks = describe_webhooks
handler = lambda_handler(app, dynamodb, secrets)
