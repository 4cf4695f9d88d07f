"""Parts of 用户与权限."""
