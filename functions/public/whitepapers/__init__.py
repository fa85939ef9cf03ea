"""Pages of whitepapers: the form, and the links to the file."""
