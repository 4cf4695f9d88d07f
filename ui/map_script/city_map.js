// What Leaflet lacks for the dashboard's maps: a view that fits its frame, labels that stand apart,
// hatching, shops at one point spread, the keyboard, and areas that light up with a list beside.

function cityMap(map, { shapes, names }) {
  document.title = "地图";
  document.documentElement.lang = "zh-CN";
  addHatches();
  map.createPane("own").style.zIndex = 410; // over the areas, under the dots
  map.getPane("own").style.pointerEvents = "none";
  for (const { data, look, over } of shapes) L.geoJSON(data, { style: look, interactive: false, pane: over ? "own" : "overlayPane" }).addTo(map);
  for (const [name, kind, rank, lat, lon, from] of names) addLabel(map, name, kind, rank, [lat, lon], from);
  let shown = null; // the bounds that the map was last fitted to
  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; fit(); spread(map); arrange(map); });
  };
  const fit = () => {
    const frame = layers(map).find((layer) => layer.options && layer.options.frame);
    if (!frame) return;
    const bounds = frame.getBounds(), size = map.getSize();
    const now = bounds.toBBoxString() + size;
    if (now === shown || size.x < 40 || size.y < 40) return; // the frame is not laid out yet
    shown = now;
    map.fitBounds(bounds, { animate: false, padding: [size.x > 500 ? 14 : 4, size.x > 500 ? 14 : 4] });
  };
  map.on("layeradd", (event) => { reachable(event.layer); point(map, event.layer); soon(); });
  map.on("zoomend resize", soon);
  const light = (event) => highlight(map, event.detail);
  window.parent.addEventListener("area-pointed", light);
  window.addEventListener("pagehide", () => window.parent.removeEventListener("area-pointed", light));
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
  document.querySelectorAll("link").forEach((sheet) => sheet.addEventListener("load", soon));
  L.control.zoom({ zoomInTitle: "放大", zoomOutTitle: "缩小", position: "bottomright" }).addTo(map);
  new MetricScale({ imperial: false }).addTo(map);
  soon();
}

const MetricScale = L.Control.Scale.extend({
  _updateMetric(most) {
    const metres = this._getRoundNum(most);
    this._updateScale(this._mScale, metres < 1000 ? metres + " 米" : metres / 1000 + " 公里", metres / most);
  },
});
const layers = (map) => { const all = []; map.eachLayer((layer) => all.push(layer)); return all; };
const facts = (layer) => (layer.feature && layer.feature.properties) || {};
const kindOf = (layer) => facts(layer).kind;
const plain = (text) => { const box = document.createElement("div"); box.innerHTML = text.replace(/<br>/g, "，"); return box.textContent; };

function addLabel(target, html, kind, rank, at, from = 0) {
  const text = document.createElement("div");
  text.className = "place " + kind;
  text.innerHTML = html; // escaped by the server
  text.dataset.rank = rank;
  text.dataset.from = from;
  const icon = L.divIcon({ html: text, iconSize: [0, 0], className: "" });
  L.marker(at, { icon, interactive: false, keyboard: false }).addTo(target);
}

// The shapes of one layer; points are circles. A shape's own colours and size come first.
function addShapes(group, { data, more: { look, labels } }) {
  const style = ({ properties: own }) => ({
    ...look,
    ...(own.fill && { fillColor: own.fill }),
    ...(own.line && { color: own.line }),
    ...(own.size && { radius: own.size }),
  });
  if (data) {
    const interactive = look.interactive !== false;
    const shapes = L.geoJSON(data, { style, interactive, pointToLayer: (one, at) => L.circleMarker(at, style(one)) });
    if (interactive) {
      shapes.bindTooltip((shape) => facts(shape).tip, { sticky: true });
      const outlined = ({ layer }) => !layer.getRadius && layer.setStyle({ weight: 3 });
      shapes.on("mouseover", outlined);
      shapes.on("mouseout", ({ layer }) => !layer.getRadius && layer.setStyle({ weight: look.weight }));
    }
    shapes.addTo(group);
  }
  for (const [html, kind, rank, lat, lon] of labels) addLabel(group, html, kind, rank, [lat, lon]);
}

function addFrame(group, [west, south, east, north]) {
  const unseen = { stroke: false, fill: false, interactive: false, frame: true };
  L.rectangle([[south, west], [north, east]], unseen).addTo(group);
}

function addHatches() {
  const box = document.createElement("div");
  box.innerHTML = '<svg class="hatches" aria-hidden="true"><defs><pattern id="unknown" width="6" height="6" ' +
    'patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#f4f6f8"/>' +
    '<rect width="2" height="6" fill="#aab3bc"/></pattern></defs></svg>';
  document.body.appendChild(box.firstChild);
}

// A shape that can be chosen is a button for the keyboard and for a screen reader.
function reachable(layer) {
  const { tip } = facts(layer);
  const element = layer.getElement && layer.getElement();
  if (!tip || !element) return;
  element.setAttribute("tabindex", "0");
  element.setAttribute("role", "button");
  element.setAttribute("aria-label", plain(tip));
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    const at = layer.getLatLng ? layer.getLatLng() : layer.getBounds().getCenter();
    layer.fire("click", { latlng: at, layer, sourceTarget: layer }, true);
  });
}

const LIT = ["area", "town", "venue", "shop"]; // kinds that light up with a list

// What is pointed at here lights up in the list beside the map.
function point(map, layer) {
  const { kind, name } = facts(layer);
  if (!LIT.includes(kind) || !layer.on) return;
  const tell = (detail) => window.parent.dispatchEvent(new CustomEvent("row-pointed", { detail }));
  layer.on("mouseover", () => tell(name));
  layer.on("mouseout", () => tell(""));
}

function highlight(map, name) {
  for (const layer of layers(map)) {
    const own = facts(layer);
    if (!LIT.includes(own.kind) || !layer.setStyle) continue;
    if (layer.plainStyle) { layer.setStyle(layer.plainStyle); layer.plainStyle = null; }
    if (name && own.name === name) {
      layer.plainStyle = { weight: layer.options.weight, color: layer.options.color };
      layer.setStyle({ weight: 3, color: "#1b2733" });
      layer.bringToFront();
    }
  }
}

// Shops at one point stand in a spiral around it, so that each can be seen and chosen.
function spread(map) {
  const groups = new Map();
  for (const layer of layers(map)) {
    if (kindOf(layer) !== "shop" || !layer.setLatLng) continue;
    layer.home = layer.home || layer.getLatLng();
    const at = map.latLngToLayerPoint(layer.home);
    const key = Math.round(at.x / 5) + "," + Math.round(at.y / 5);
    groups.set(key, [...(groups.get(key) || []), layer]);
  }
  for (const group of groups.values()) {
    const centre = map.latLngToLayerPoint(group[0].home);
    group.forEach((layer, i) => {
      const turn = i * 2.4, far = group.length > 1 && group.length <= 60 ? 7 * Math.sqrt(i) : 0;
      const moved = centre.add([Math.cos(turn) * far, Math.sin(turn) * far]);
      layer.setLatLng(far ? map.layerPointToLatLng(moved) : layer.home);
    });
  }
}

// Labels keep off each other and off the dots: each takes the nearest free place, with a line to
// where it belongs; one that finds none, and that a map can do without, is left out.
function arrange(map) {
  document.querySelectorAll(".place-line").forEach((line) => line.remove());
  const taken = dots(map), zoom = map.getZoom();
  const labels = [...document.querySelectorAll(".place")].map((element) => {
    const { rank, from, fixed } = element.dataset;
    element.style.display = zoom >= Number(from || 0) ? "" : "none";
    return { element, rank: Number(rank), fixed: fixed === "1" };
  }).filter((label) => label.element.style.display === "").sort((a, b) => a.rank - b.rank);
  for (const label of labels) {
    const icon = label.element.parentElement;
    const at = L.DomUtil.getPosition(icon);
    const size = [label.element.offsetWidth + 2, label.element.offsetHeight];
    const found = place(at, size, taken, label);
    if (!found) { label.element.style.display = "none"; continue; }
    taken.push(found.box);
    label.element.style.left = found.x - size[0] / 2 + "px";
    label.element.style.top = found.y - size[1] / 2 + "px";
    if (Math.hypot(found.x, found.y) > 24) lead(icon, found);
  }
}

function place(at, [width, height], taken, label) {
  const reach = label.fixed ? [0] : label.rank < 2 ? [0, 12, 20, 30, 44, 60, 80, 100] : [0, 12, 20, 28];
  let best = null;
  for (const far of reach) {
    for (let step = 0; step < (far ? 16 : 1); step++) {
      const turn = (step * Math.PI) / 8;
      const x = Math.cos(turn) * far * 1.3, y = Math.sin(turn) * far;
      const box = [at.x + x - width / 2, at.y + y - height / 2, at.x + x + width / 2, at.y + y + height / 2];
      const over = taken.reduce((sum, other) => sum + overlap(box, other), 0);
      if (!over) return { x, y, box };
      if (!best || over < best.over) best = { x, y, box, over };
    }
  }
  return label.rank < 2 ? best : null;
}

const overlap = (a, b) =>
  Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0])) * Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));

function dots(map) {
  const found = layers(map).filter((layer) => layer.getRadius && facts(layer).kind);
  if (found.length > 600) return [];
  return found.map((layer) => {
    const at = map.latLngToLayerPoint(layer.getLatLng()), far = layer.getRadius() + 1;
    return [at.x - far, at.y - far, at.x + far, at.y + far];
  });
}

function lead(icon, { x, y }) {
  const line = document.createElement("div");
  line.className = "place-line";
  const far = Math.hypot(x, y) - 12;
  line.style.width = Math.max(far, 0) + "px";
  line.style.transform = "rotate(" + Math.atan2(y, x) + "rad)";
  icon.appendChild(line);
}
