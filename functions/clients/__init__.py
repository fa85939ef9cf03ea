"""Client companies and their API keys over HTTP."""

import groundswell.http.early  # noqa: F401 - before FastAPI
