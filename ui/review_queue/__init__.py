"""Parts of the page 待复核."""
