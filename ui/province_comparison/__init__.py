"""Parts of the page 省内对比."""
