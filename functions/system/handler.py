"""The function `system`."""

from functions.system.routes import router
from groundswell.http.app import create_app, lambda_handler
from groundswell.http.cors import everybody

app = create_app(router)
handler = lambda_handler(app, lets=everybody)
