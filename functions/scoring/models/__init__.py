"""Models of what becomes of leads over HTTP."""
