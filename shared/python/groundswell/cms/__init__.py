"""A client's pages in several languages: drafts with revisions, a published copy, and what the public reads."""
