"""Client companies and their API keys over HTTP."""
