"""People who sign up for something of a client's: webinars, whitepapers, bookings."""
