"""Whitepapers over HTTP."""

import groundswell.http.early  # noqa: F401 - before FastAPI
