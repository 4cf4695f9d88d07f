"""Parts of the page 缺口清单."""
