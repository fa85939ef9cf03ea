"""The function `public`: pages for people who need not be signed in."""

import groundswell.http.early  # noqa: F401 - before FastAPI
