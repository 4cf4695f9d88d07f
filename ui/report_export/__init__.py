"""Parts of the page 报告导出."""
