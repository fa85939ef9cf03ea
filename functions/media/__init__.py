"""The function `media`: a client's files."""

import groundswell.http.early  # noqa: F401 - before FastAPI
