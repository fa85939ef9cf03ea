"""The daily purge of deleted clients."""
