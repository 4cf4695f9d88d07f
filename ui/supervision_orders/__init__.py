"""Parts of the page 督办."""
