"""A client's files: uploads of known types, kept under their content, shown without ever running anything."""
