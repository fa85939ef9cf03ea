"""Sequences: messages one after another to whoever begins them, until a rule stops them."""
