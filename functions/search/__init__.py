"""AI lead search and validation of addresses over HTTP."""

import groundswell.http.early  # noqa: F401 - before FastAPI
