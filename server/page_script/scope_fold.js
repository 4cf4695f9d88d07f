// The selection folds when somebody goes on elsewhere, on the page or on a map, or presses Esc.

(function () {
  const OPEN = ".st-key-head details[open]";
  const fold = () => document.querySelectorAll(OPEN + " summary").forEach((one) => one.click());
  addEventListener("pointerdown", ({ target }) => { // a list that hangs from the selection is not on the page
    if (target.closest("[data-testid=stMain], [data-testid=stHeader]") && !target.closest(OPEN)) fold();
  });
  addEventListener("blur", () => { if (document.activeElement.tagName === "IFRAME") fold(); });
  addEventListener("keydown", ({ key }) => { if (key === "Escape") fold(); });
})();
