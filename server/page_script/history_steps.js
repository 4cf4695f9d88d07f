// What a visitor does once is one entry of the browser's history, with its selection in it. To open
// a page, Streamlit clears the address and puts the selection back, each time as a new entry; and
// where somebody goes back to, it takes the selection out of the address.

(function () {
  const push = history.pushState.bind(history), replace = history.replaceState.bind(history);
  const keep = () => {};
  let write = replace; // a page that opens is an entry already

  history.pushState = (...entry) => { write(...entry); if (write === push) write = replace; };
  history.replaceState = (...entry) => { if (write !== keep) replace(...entry); };
  const done = () => { write = push; };
  addEventListener("click", done, true);
  addEventListener("keydown", done, true);
  addEventListener("message", ({ data }) => { // from the frame of a map or a list
    if (data && data.type === "streamlit:setComponentValue") done();
  });
  addEventListener("popstate", () => { write = keep; }, true);
})();
