"""A client's published pages, their list and sitemap, and previews of drafts."""
