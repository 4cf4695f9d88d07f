"""The script that Streamlit runs: the shared selection, the menu, and the page that was chosen."""

from ui import frame, long_work, menu, session

frame.configure()
page, entry = menu.navigation()
with frame.errors_shown():
    long_work.finish()
selected, sound = frame.select()
with frame.errors_shown():
    if selected is None and entry.stem != "data_import":
        frame.empty_store() if sound else frame.damaged_store()
    else:
        shown = session.in_force(selected) if selected and entry.writes else selected
        session.set_scope(shown)
        frame.head(page.title, shown, writes=entry.writes)
        frame.run(page)
