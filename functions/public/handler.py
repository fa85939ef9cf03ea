"""The function `public`."""

from functions.public.routes import router
from groundswell.http.app import create_app, lambda_handler
from groundswell.http.cors import everybody
from groundswell.storage.client import dynamodb

app = create_app(router)
handler = lambda_handler(app, dynamodb, lets=everybody)
"""Everybody may read them: nothing here knows who asks by a cookie or a header."""
