"""Streamlit's command with a dashboard that does not visit its own pages.

For servers of tests: they change their store often, and each time all pages about the city and its
areas would be opened for one look at one of them.
"""

import anyio
from streamlit.web import cli

from server import warming

warming.visit = lambda *_page: anyio.sleep(0)
cli.main()
