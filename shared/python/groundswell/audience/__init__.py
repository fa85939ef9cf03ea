"""Whom a client may address: lists, segments, opt-outs and consents."""
