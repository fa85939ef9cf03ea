"""What travels between functions: the outbox and its queues, and handlers that report partial failures."""
