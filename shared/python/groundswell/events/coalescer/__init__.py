"""Requests with few events go through a queue and are written together: one block instead of many small ones."""
