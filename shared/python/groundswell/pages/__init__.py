"""Pages for people: one layout, in the visitor's language and the client's look, that works without JavaScript."""
