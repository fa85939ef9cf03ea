"""The HTTP edge, once: app factory, envelope, errors, principals, paging, idempotency and rate limits."""
