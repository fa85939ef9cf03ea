"""What follows from messages: replies, deliveries, what tags want."""
