"""The function `cms`: pages, for editors."""

import groundswell.http.early  # noqa: F401 - before FastAPI
