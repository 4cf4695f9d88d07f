// A page, and a record of another number on the same page, opens at its top. Streamlit leaves the
// new one where the old one was scrolled to.

(function () {
  const here = () => {
    const asked = new URLSearchParams(location.search);
    return [location.pathname, asked.get("shop_id") || asked.get("venue_id")];
  };
  let [page, record] = here();
  const look = () => {
    const [at, about] = here();
    if (at === page && (!about || about === record)) return; // the address is cleared for a moment
    [page, record] = [at, about];
    const main = document.querySelector('[data-testid="stMain"]');
    if (main) main.scrollTo(0, 0);
  };
  for (const name of ["pushState", "replaceState"]) {
    const write = history[name].bind(history);
    history[name] = (...entry) => { write(...entry); look(); };
  }
  addEventListener("popstate", look);
})();
