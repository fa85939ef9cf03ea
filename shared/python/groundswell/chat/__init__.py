"""Conversations with visitors, users and contacts: one store for the web and for bots."""
