"""Asking somebody, by e-mail, to work for a client or to join the organization."""
