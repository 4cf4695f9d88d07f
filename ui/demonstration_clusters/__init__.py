"""Parts of the page 示范聚集区."""
