// On a phone the menu is a drawer over the page. It folds when a page is chosen or Esc is pressed,
// and is folded when the dashboard opens; Streamlit would leave it open, and remember that.

(function () {
  const DRAWER = "[data-testid=stSidebar]", FOLD = "[data-testid=stSidebarCollapseButton] button";
  try {
    Object.keys(localStorage).filter((name) => name.startsWith("stSidebarCollapsed")).forEach((name) => localStorage.removeItem(name));
  } catch { /* a browser that remembers nothing */ }

  const fold = () => {
    const drawer = document.querySelector(DRAWER);
    if (drawer && drawer.getBoundingClientRect().right > 0) drawer.querySelector(FOLD).click();
  };
  addEventListener("click", ({ target }) => { if (target.closest("[data-testid=stSidebarNavLink]")) fold(); });
  addEventListener("keydown", ({ key }) => { if (key === "Escape") fold(); });
})();
