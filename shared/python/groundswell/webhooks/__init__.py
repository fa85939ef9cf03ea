"""Webhooks out: what features tell (`events`), who gets it (`service`), and how it arrives (`sending`)."""
