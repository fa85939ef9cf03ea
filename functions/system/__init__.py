"""Health, information and the API's description; answers for every path that nobody owns."""

import groundswell.http.early  # noqa: F401 - before FastAPI
