"""The function `creatives`: what is under review."""

import groundswell.http.early  # noqa: F401 - before FastAPI
