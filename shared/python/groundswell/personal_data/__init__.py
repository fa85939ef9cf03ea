"""The one port to personal data: what each feature keeps of a client and of persons, and how it goes or is told."""
