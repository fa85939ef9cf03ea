"""What a person may ask of a tenant: to be forgotten, to be told."""
