"""Administration of organizations and of the platform, over HTTP."""
