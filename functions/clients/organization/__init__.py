"""The own organization over HTTP."""
