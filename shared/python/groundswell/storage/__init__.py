"""DynamoDB: the clients, the table base, the mapper between items and dataclasses, and signed cursors."""
