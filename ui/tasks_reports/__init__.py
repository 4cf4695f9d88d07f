"""Parts of the page 任务与报送."""
