"""Parts of the page 覆盖热力图."""
