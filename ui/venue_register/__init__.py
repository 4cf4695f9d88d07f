"""Parts of the page 特定区域名录."""
