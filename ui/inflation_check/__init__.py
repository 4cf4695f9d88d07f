"""Parts of the page 注水核查."""
