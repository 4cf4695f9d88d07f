"""The script that Streamlit runs: who is there, the selection, the menu, and the chosen page."""

from ui import frame, last_visit, long_work, menu, session, sign_in
from ui.wall_screen import wall_view

frame.configure()
with frame.errors_shown():
    if sign_in.admitted():
        role = session.visitor().role
        entry = menu.chosen(role)
        if long_work.going():  # whoever waits may go elsewhere meanwhile
            menu.navigation(role, entry, menu.FRONT)
        with frame.errors_shown():
            long_work.finish()
        selected, sound = frame.select(entry)
        page = menu.navigation(role, entry, frame.front_title(selected))
        frame.name_tab(page.title)
        if selected is not None and wall_view.asked():
            wall_view.show(selected)
        elif role not in entry.roles:
            frame.not_for_you(page.title)
        elif selected is None and not sound and not entry.managing:
            frame.damaged_store()
        elif selected is None and not entry.managing:
            frame.empty_store()
        else:
            shown = session.in_force(selected) if selected and entry.writes else selected
            session.set_scope(shown)
            last_visit.note()
            frame.head(page.title, shown, entry)
            frame.run(page)
