"""Parts of the page 全市总览."""
