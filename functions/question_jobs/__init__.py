"""Answers questions about more events than one request may read."""
