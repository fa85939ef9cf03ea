"""Where the caller is signed in."""
