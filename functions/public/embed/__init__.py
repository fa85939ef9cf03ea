"""Forms of webinars, whitepapers and bookings on a client's own site."""
