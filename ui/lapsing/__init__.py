"""Parts of the page 到期与新情况."""
