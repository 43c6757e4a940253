"""Content as published: from files to revisions, and revisions kept at hand."""
