"""Does what follows from webinars, whitepapers and bookings: leads, mails to many, free seats, timers."""
