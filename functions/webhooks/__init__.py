"""Who gets which events."""

import groundswell.http.early  # noqa: F401 - before FastAPI
