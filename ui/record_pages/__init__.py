"""Parts of the pages of a venue and of a shop."""
