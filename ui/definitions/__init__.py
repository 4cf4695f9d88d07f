"""Parts of the page 口径说明."""
