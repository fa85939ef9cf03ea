"""The messages of conversations, as they come."""

import groundswell.http.early  # noqa: F401 - before FastAPI
