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
  // The wheel scrolls the page; with Ctrl, as a pinch on a touchpad has it, it zooms.
  map.getContainer().addEventListener("wheel", (event) => event.ctrlKey || event.stopImmediatePropagation(), { capture: true, passive: true });
  const hint = "（或按住 Ctrl 转滚轮）";
  L.control.zoom({ zoomInTitle: "放大" + hint, zoomOutTitle: "缩小" + hint, position: "bottomright" }).addTo(map);
  wayBack(() => { shown = null; fit(); }).addTo(map);
  new MetricScale({ imperial: false }).addTo(map);
  soon();
}

const MetricScale = L.Control.Scale.extend({
  _updateMetric(most) {
    const metres = this._getRoundNum(most);
    this._updateScale(this._mScale, metres < 1000 ? metres + " 米" : metres / 1000 + " 公里", metres / most);
  },
});

// A button that shows the whole of what the map was fitted to.
function wayBack(fit) {
  const control = L.control({ position: "bottomright" });
  control.onAdd = () => {
    const button = L.DomUtil.create("button", "way-back");
    button.type = "button";
    button.textContent = "回到全图";
    L.DomEvent.disableClickPropagation(button);
    button.addEventListener("click", fit);
    return button;
  };
  return control;
}

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

// Labels keep off each other, off lines and off the dots, and out of areas that are not theirs: each
// takes the best free place, with a line to where it belongs if that lies outside its area. The worst
// areas come first, then the small ones, for the large have room. One that finds none, and that a
// map can do without, is left out.
function arrange(map) {
  document.querySelectorAll(".place-line").forEach((line) => line.remove());
  const ground = territories(map), taken = dots(map), lines = [], zoom = map.getZoom();
  const labels = [...document.querySelectorAll(".place")].map((element) => {
    const { rank, from } = element.dataset;
    element.style.display = zoom >= Number(from || 0) ? "" : "none";
    const at = L.DomUtil.getPosition(element.parentElement);
    const own = element.classList.contains("area") ? ground.at(at.x, at.y) : undefined;
    return { element, at, own, rank: Number(rank) };
  }).filter((label) => label.element.style.display === "");
  labels.sort((a, b) => a.rank - b.rank || ground.size(a.own) - ground.size(b.own));
  for (const label of labels) {
    const { element, at } = label, width = element.offsetWidth + 2, height = element.offsetHeight;
    const found = place(label, width, height, taken, lines, ground);
    if (!found) { element.style.display = "none"; continue; }
    element.style.left = found.x - width / 2 + "px";
    element.style.top = found.y - height / 2 + "px";
    taken.push(found.box);
    if (!found.leads) continue;
    lead(element.parentElement, found);
    lines.push(...steps(at, found).map(([x, y]) => [x - 2, y - 2, x + 2, y + 2]));
  }
}

const NEAR = [0, 12, 20, 28], FAR = [0, 5, 10, 15, 20, 26, 32, 40, 50, 60, 72, 86, 100, 116, 132]; // pixels

function place(label, width, height, taken, lines, ground) {
  const { at, own, rank } = label;
  let best = null;
  for (const far of rank < 2 ? FAR : NEAR) {
    for (let step = 0; step < (far ? 16 : 1); step++) {
      const turn = (step * Math.PI) / 8;
      const x = Math.cos(turn) * far * 1.3, y = Math.sin(turn) * far;
      const box = [at.x + x - width / 2, at.y + y - height / 2, at.x + x + width / 2, at.y + y + height / 2];
      const over = taken.reduce((sum, other) => sum + overlap(box, other), 0) / (width * height);
      const { inside, foreign, foul, outside } = own ? ground.under(box, own) : { inside: 1, foreign: 0, foul: false, outside: 0 };
      const leads = Math.hypot(x, y) > 24 && (!own || inside < 0.5);
      const crossed = leads && steps(at, { x, y }).some(([x, y]) => taken.some((other) => overlap([x, y, x + 1, y + 1], other)));
      const cut = lines.some((other) => overlap(box, other));
      const cost = 100 * (over + outside) + (foul ? 8 : 0) + (crossed ? 4 : 0) + (cut ? 6 : 0) + 2 * foreign + (leads ? 0.5 : 0) + far / 60;
      if (!best || cost < best.cost) best = { x, y, box, over, leads, cost };
    }
  }
  return rank < 2 || !best.over ? best : null;
}

// Points along a line from a place, outside the label at its end.
function steps(at, { x, y }) {
  const far = Math.hypot(x, y), points = [];
  for (let on = 8; on < far - 16; on += 6) points.push([at.x + (x * on) / far, at.y + (y * on) / far]);
  return points;
}

const GRAIN = 4; // pixels of a cell

// Which area every cell of the view lies in.
function territories(map) {
  const pen = document.createElement("canvas").getContext("2d"), cells = new Map(), sizes = new Map();
  const key = (x, y) => Math.floor(x / GRAIN) * 10000 + Math.floor(y / GRAIN);
  const corner = map.containerPointToLayerPoint([0, 0]), view = [corner.x, corner.y, corner.x + map.getSize().x, corner.y + map.getSize().y];
  for (const layer of layers(map)) {
    if (!["area", "town"].includes(kindOf(layer)) || layer.getRadius || !layer.getBounds) continue;
    const path = new Path2D(layer.getElement().getAttribute("d")), bounds = layer.getBounds();
    const from = map.latLngToLayerPoint(bounds.getNorthWest()), to = map.latLngToLayerPoint(bounds.getSouthEast());
    for (let x = Math.max(from.x, view[0]); x < Math.min(to.x, view[2]); x += GRAIN)
      for (let y = Math.max(from.y, view[1]); y < Math.min(to.y, view[3]); y += GRAIN)
        if (pen.isPointInPath(path, x, y, "evenodd")) { cells.set(key(x, y), layer); sizes.set(layer, (sizes.get(layer) || 0) + 1); }
  }
  // Of a label's box, the parts inside its own area, in other ones, and outside the view; it is foul
  // where it covers about as much of another area as of its own, or most of another one.
  const under = (box, own) => {
    const found = new Map();
    let all = 0;
    for (let x = box[0] + 2; x < box[2]; x += GRAIN)
      for (let y = box[1] + 2; y < box[3]; y += GRAIN) {
        const area = cells.get(key(x, y));
        all += 1;
        if (area) found.set(area, (found.get(area) || 0) + 1);
      }
    const mine = found.get(own) || 0, others = [...found].filter(([area]) => area !== own);
    return {
      inside: mine / all,
      foreign: others.reduce((sum, [, covered]) => sum + covered, 0) / all,
      foul: others.some(([area, covered]) => covered > 0.8 * mine || covered > sizes.get(area) / 2),
      outside: 1 - overlap(box, view) / ((box[2] - box[0]) * (box[3] - box[1])),
    };
  };
  return { at: (x, y) => cells.get(key(x, y)), size: (area) => sizes.get(area) || 0, under };
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
