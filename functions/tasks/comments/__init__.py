"""Comments on tasks over HTTP."""
