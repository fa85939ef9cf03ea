"""Pages of bookings: free times, the form, one's own booking."""
