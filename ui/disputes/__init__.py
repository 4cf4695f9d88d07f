"""Parts of the page 质询."""
