"""Writes down whom campaigns go to, and sends to each once."""
