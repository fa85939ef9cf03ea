"""Usage and quotas over HTTP."""
