"""The function `analytics`."""

from functions.analytics.routes import router
from groundswell.http.app import create_app, lambda_handler

app = create_app(router)
handler = lambda_handler(app)
