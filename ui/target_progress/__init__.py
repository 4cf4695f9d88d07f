"""Parts of the page 目标进度."""
