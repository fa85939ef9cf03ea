"""What a client's people may ask of their data, and why events were turned away."""

import groundswell.http.early  # noqa: F401 - before FastAPI
