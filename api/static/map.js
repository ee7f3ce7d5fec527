// Draws the places of a list on a map: the coast from our own server, no tiles, nobody else is asked.
// A list of results has `.place`s, and where the search began; the way of a lift has `.stop`s, in order.
export const TOWNS = [
  ["London", 51.507, -0.128], ["Birmingham", 52.48, -1.9], ["Manchester", 53.48, -2.24], ["Leeds", 53.8, -1.55],
  ["Liverpool", 53.41, -2.98], ["Sheffield", 53.38, -1.47], ["Newcastle", 54.97, -1.61], ["Nottingham", 52.95, -1.15],
  ["Bristol", 51.45, -2.59], ["Cardiff", 51.48, -3.18], ["Swansea", 51.62, -3.94], ["Norwich", 52.63, 1.3],
  ["Plymouth", 50.37, -4.14], ["Exeter", 50.72, -3.53], ["Southampton", 50.9, -1.4], ["Brighton", 50.83, -0.14],
  ["Oxford", 51.75, -1.26], ["Cambridge", 52.21, 0.12], ["Hull", 53.74, -0.34], ["York", 53.96, -1.08],
  ["Carlisle", 54.89, -2.93], ["Glasgow", 55.86, -4.25], ["Edinburgh", 55.95, -3.19], ["Aberdeen", 57.15, -2.09],
  ["Dundee", 56.46, -2.97], ["Inverness", 57.48, -4.22], ["Belfast", 54.6, -5.93], ["Aberystwyth", 52.41, -4.08],
  ["Lincoln", 53.23, -0.54], ["Stoke", 53.0, -2.18], ["Leicester", 52.64, -1.13], ["Dover", 51.13, 1.31],
];

export async function show(frame) {
  const [coast] = await Promise.all([
    fetch(frame.dataset.coast).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status))),
    load("link", { rel: "stylesheet", href: frame.dataset.style }),
    load("script", { src: frame.dataset.leaflet }),
  ]);
  const box = document.createElement("div");
  box.className = "map-box";
  frame.append(box);
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", frame.dataset.label);
  const isWay = "way" in frame.dataset;
  const map = L.map(box, { attributionControl: false, maxZoom: isWay ? 14 : 11, minZoom: 5, zoomSnap: 0.5, scrollWheelZoom: false });
  const places = document.querySelectorAll(isWay ? ".stop[data-lat]" : ".place[data-lat]");
  const start = isWay ? [] : [spot(frame)];
  const spots = [...start, ...[...places].map(spot)];
  // Nothing may lie under the buttons in the corner; so close that no town is left to go by would help nobody.
  map.fitBounds(spots, { paddingTopLeft: [76, 40], paddingBottomRight: [48, 40], maxZoom: isWay ? 11 : 8, animate: false });
  L.geoJSON(coast, { interactive: false, className: "land" }).addTo(map);
  if (isWay) {
    L.polyline(spots, { interactive: false, className: "way" }).addTo(map);
    L.control.scale({ metric: false, position: "bottomright" }).addTo(map);
  }
  const towns = TOWNS.map(([name, ...at]) =>
    L.marker(at, { icon: icon("town", name), interactive: false, keyboard: false }).addTo(map),
  );
  if (!isWay) L.marker(start[0], { icon: icon("start", frame.dataset.name), interactive: false, keyboard: false }).addTo(map);
  places.forEach((place, index) => {
    const at = spot(place);
    const words = place.dataset.mark || String(index + 1);
    const mark = L.marker(at, { icon: icon(isWay ? "time" : "mark", words), title: place.dataset.name, zIndexOffset: 1000 - index })
      .on("click", () => to(place))
      .on("keypress", (event) => event.originalEvent.key === "Enter" && to(place))
      .addTo(map);
    mark.getElement().setAttribute("aria-label", `${words}: ${place.dataset.name}`);
  });
  map.on("zoomend", () => makeRoom(map, towns, spots));
  makeRoom(map, towns, spots);
}

function spot({ dataset }) {
  return [Number(dataset.lat), Number(dataset.lon)];
}

// A town gives way to what the map is about.
export function makeRoom(map, towns, spots) {
  const taken = spots.map((at) => map.latLngToLayerPoint(at));
  for (const town of towns) {
    const { x, y } = map.latLngToLayerPoint(town.getLatLng());
    const hides = taken.some((other) => Math.abs(other.y - y) < 26 && other.x - x > -80 && other.x - x < 80);
    town.getElement().classList.toggle("hides", hides);
  }
}

export function icon(kind, words) {
  const label = document.createElement("span");
  label.textContent = words;
  return L.divIcon({ className: `map-${kind}`, html: label, iconSize: null });
}

function to(place) {
  place.scrollIntoView({ block: "start" });
  (place.querySelector("h2 a") || place).focus({ preventScroll: true });
}

export function load(tag, attributes) {
  return new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement(tag), attributes, { onload: resolve, onerror: reject });
    document.head.append(element);
  });
}
