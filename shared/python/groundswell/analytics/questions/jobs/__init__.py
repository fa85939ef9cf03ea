"""Questions about more events than one request may read: asked at once, answered by a worker step by step."""
