"""Where SDKs post events."""
