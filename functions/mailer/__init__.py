"""Sends transactional mail from its queue."""
