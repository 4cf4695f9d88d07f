"""Streamlit's command with a dashboard that answers what pages ask, and nothing before.

For servers of tests: they change their store often, and each time all usual questions about the
city and its areas would be answered for one look at one page.
"""

from streamlit.web import cli

from server import warming

warming.usual = lambda _scope: None
cli.main()
