// Streamlit's own English words in Chinese, on the page as it changes. `table` is what the server
// puts before this: rows of data/reference/ui_words.csv, [english, chinese, place]. A word is
// Streamlit's only in its place, a selector; {1} stands for what Streamlit puts into a sentence.
// What came from files and people is never touched.

(function (table) {
  const THEIRS = "td, th, [data-testid=stMultiSelectTagsContainer], [data-testid=stFileChipName], " +
    "[role=listbox]:not([data-empty]) [role=option]";
  const ATTRIBUTES = ["title", "aria-label", "aria-valuetext", "placeholder", "alt"];
  const words = new Map(), sentences = [];
  for (const [english, chinese, place] of table) {
    if (!english.includes("{")) { words.set(english, { chinese, place }); continue; }
    const parts = english.split(/\{\d\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    sentences.push({ shape: new RegExp("^" + parts.join("(.+?)") + "$", "s"), chinese, place });
  }

  const word = (text, element) => {
    const found = words.get(text);
    return found && element.closest(found.place) ? found.chinese : null;
  };
  const told = (text, element) => {
    const whole = word(text, element);
    if (whole !== null) return whole;
    for (const { shape, chinese, place } of sentences) {
      const parts = shape.exec(text);
      if (parts && element.closest(place)) {
        return chinese.replace(/\{(\d)\}/g, (_, number) => told(parts[number], element) ?? parts[number]);
      }
    }
    return null;
  };
  const chinese = (text, element) => (text && text.length < 200 && /[a-z]/i.test(text) ? told(text.trim(), element) : null);

  const attribute = (element, name) => {
    const found = chinese(element.getAttribute(name), element);
    if (found !== null) element.setAttribute(name, found);
  };
  const textOf = (node) => {
    const element = node.parentElement;
    const found = element && chinese(node.nodeValue, element);
    if (found !== null && !element.closest(THEIRS)) node.nodeValue = found;
  };
  const tree = (node) => {
    if (node.nodeType === Node.TEXT_NODE) { textOf(node); return; }
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    const walk = document.createTreeWalker(node, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let one = node; one; one = walk.nextNode()) {
      if (one.nodeType === Node.TEXT_NODE) textOf(one);
      else for (const name of ATTRIBUTES) if (one.hasAttribute(name)) attribute(one, name);
    }
  };

  new MutationObserver((changes) => {
    for (const { type, target, addedNodes, attributeName } of changes) {
      if (type === "childList") addedNodes.forEach(tree);
      else if (type === "attributes") attribute(target, attributeName);
      else textOf(target);
    }
  }).observe(document.documentElement, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES,
  });
})
