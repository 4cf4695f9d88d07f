// A tour of the front page: offered in the bar until a browser has seen it, and shown again when
// asked for. A card stands at each part that is there, on none of the others, and leaves the page
// usable. `table` is what the server puts behind this: rows of data/reference/tour_steps.csv,
// [place, title, text].

(function (table) {
  const SEEN = "tour-seen", ASKED = "tour-asked", NEAR = 10, NARROW = 700; // pixels
  const READY = "[data-testid=stApp][data-test-script-state=notRunning]";
  const LOADING = "[data-testid=stSkeleton]"; // a part whose script is on its way
  let at = -1, steps = [], card, ring, before;

  const make = (tag, name, text = "") => {
    const element = document.createElement(tag);
    element.className = name;
    element.textContent = text;
    return element;
  };
  const button = (text, act) => {
    const element = make("button", "", text);
    element.type = "button";
    element.addEventListener("click", act);
    return element;
  };
  const part = (number) => document.querySelector(steps[number][0]);

  const place = () => {
    const target = at < 0 ? null : part(at);
    if (!target) { end(); return; }
    const box = target.getBoundingClientRect(), own = card.getBoundingClientRect();
    Object.assign(ring.style, { left: box.left - 5 + "px", top: box.top - 5 + "px", width: box.width + "px", height: box.height + "px" });
    const clear = Math.min(box.left, part(0).getBoundingClientRect().left); // of the first part, the answer
    const left = clear - NEAR - own.width, below = box.bottom + NEAR, above = box.top - NEAR - own.height;
    const lowest = innerHeight - NEAR - own.height, beside = innerWidth > NARROW && left > 0;
    const inside = box.height > 2 * own.height ? Math.min(box.bottom - NEAR - own.height, lowest) : above;
    const x = beside ? left : Math.max(Math.min(box.left, innerWidth - own.width - NEAR), NEAR);
    const y = Math.max(Math.min(beside ? box.top : below < lowest ? below : inside, lowest), NEAR);
    const kept = Math.max(Math.min(y, below), above); // it leaves the view with its part
    Object.assign(card.style, { left: x + "px", top: kept + "px" });
  };

  const show = (number) => {
    at = number;
    const [, title, text] = steps[at], last = at === steps.length - 1;
    const buttons = make("div", "tour-buttons");
    buttons.append(make("span", "", `${at + 1} / ${steps.length}`));
    if (!last) buttons.append(button("不看了", end));
    if (at) buttons.append(button("上一步", () => show(at - 1)));
    const on = button(last ? "看完了" : "下一步", last ? end : () => show(at + 1));
    on.className = "tour-on";
    buttons.append(on);
    card.replaceChildren(make("strong", "", title), make("p", "", text), buttons);
    card.setAttribute("aria-label", `导览：${title}`);
    part(at).scrollIntoView({ block: innerWidth > NARROW ? "nearest" : "start" });
    place();
    on.focus({ preventScroll: true });
  };

  const keys = (event) => {
    const act = { Escape: end, ArrowRight: () => at < steps.length - 1 && show(at + 1), ArrowLeft: () => at && show(at - 1) }[event.key];
    if (!act) return;
    event.stopPropagation();
    act();
  };

  const start = () => {
    if (at >= 0) return;
    steps = there();
    before = document.activeElement;
    card = make("div", "tour-card");
    ring = make("div", "tour-ring");
    card.setAttribute("role", "dialog");
    card.addEventListener("keydown", keys);
    document.body.append(ring, card);
    addEventListener("resize", place);
    addEventListener("scroll", place, true);
    show(0);
  };

  const end = () => {
    if (at < 0) return;
    at = -1;
    seen();
    removeEventListener("resize", place);
    removeEventListener("scroll", place, true);
    card.remove();
    ring.remove();
    if (before && before.isConnected) before.focus({ preventScroll: true });
  };

  const there = () => table.filter(([place]) => document.querySelector(place));
  const here = () => table.slice(0, 2).every(([place]) => document.querySelector(place));
  const ready = () => document.querySelector(READY) && !document.querySelector(LOADING) && here();
  const seen = () => localStorage.setItem(SEEN, "1");

  const offer = make("div", "tour-offer", "第一次来？");
  const no = button("×", () => { seen(); offer.remove(); });
  no.setAttribute("aria-label", "不看导览");
  const later = () => sessionStorage.setItem(ASKED, "1"); // it starts once the page is there
  offer.append(button("看导览", () => (ready() ? start() : later())), no);

  new MutationObserver(() => {
    if (at >= 0 && !part(at)) end();
    if (at < 0 && sessionStorage.getItem(ASKED) && ready()) { sessionStorage.removeItem(ASKED); start(); }
    const wanted = at < 0 && !localStorage.getItem(SEEN) && here();
    if (wanted !== offer.isConnected) wanted ? document.body.append(offer) : offer.remove();
  }).observe(document.documentElement, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-test-script-state"] });

  document.addEventListener("click", (event) => {
    if (!event.target.closest || !event.target.closest(".tour-start")) return;
    event.preventDefault();
    if (ready()) { start(); return; }
    later();
    location.assign("./");
  });
})
