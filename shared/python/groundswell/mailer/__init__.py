"""Transactional mail: written down with the change that causes it, sent once."""
