"""Tells users what features left for them: in the app and by mail."""
