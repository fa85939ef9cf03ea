"""The function `whitepapers`."""

from functions.whitepapers.routes import router
from groundswell.http.app import create_app, lambda_handler
from groundswell.storage.client import dynamodb, secrets

app = create_app(router)
handler = lambda_handler(app, dynamodb, secrets)
