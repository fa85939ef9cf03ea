"""Administration of organizations and of the platform, over HTTP."""

import groundswell.http.early  # noqa: F401 - before FastAPI
