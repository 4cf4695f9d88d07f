"""Parts of the page 变化对比."""
