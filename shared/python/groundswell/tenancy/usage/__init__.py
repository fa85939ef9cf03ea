"""What each organization uses, and how much it may."""
