"""What runs the platform itself: users, dead letters, health, keys."""
