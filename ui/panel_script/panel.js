// A table whose rows can be chosen, and that lights up with the map beside it.
// Streamlit's protocol of components: https://docs.streamlit.io/develop/concepts/custom-components

const LOW = 768; // pixels of a window
const panel = document.getElementById("panel");
const send = (type, more) => window.parent.postMessage({ isStreamlitMessage: true, type, ...more }, "*");
const tell = (detail) => window.parent.dispatchEvent(new CustomEvent("area-pointed", { detail }));
let most = 0; // pixels in a low window; 0 for all that the rows need
const room = () => (most ? most + Math.max(window.parent.innerHeight - LOW, 0) : Infinity);
const resize = () => send("streamlit:setFrameHeight", { height: Math.min(panel.scrollHeight, room()) });
let chosen = 0; // how often a row was chosen: the same row may be chosen again

window.addEventListener("message", ({ data }) => {
  if (data.type !== "streamlit:render") return;
  most = data.args.most;
  if (data.args.html !== panel.source) panel.innerHTML = panel.source = data.args.html; // escaped by the server
  resize();
});

const rowOf = (event) => event.target.closest && event.target.closest("[data-row]");
panel.addEventListener("click", (event) => {
  const row = rowOf(event);
  if (row) send("streamlit:setComponentValue", { value: { row: row.dataset.row, count: Date.now() + chosen++ }, dataType: "json" });
});
panel.addEventListener("mouseover", (event) => tell((rowOf(event) || { dataset: {} }).dataset.name || ""));
panel.addEventListener("mouseleave", () => tell(""));
panel.addEventListener("focusin", (event) => tell((rowOf(event) || { dataset: {} }).dataset.name || ""));

const light = ({ detail }) => panel.querySelectorAll("[data-row]").forEach((row) => row.classList.toggle("lit", row.dataset.name === detail));
window.parent.addEventListener("row-pointed", light);
window.addEventListener("resize", resize);
window.parent.addEventListener("resize", resize);
window.addEventListener("pagehide", () => {
  window.parent.removeEventListener("row-pointed", light);
  window.parent.removeEventListener("resize", resize);
});
send("streamlit:componentReady", { apiVersion: 1 });
