"""Parts of the page 县区排名."""
