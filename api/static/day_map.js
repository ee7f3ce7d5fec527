// A coordinator's day on a map: postcode districts with their seats and people, events, and who travels where.
// What it draws comes from our own server; nothing on it is finer than a district.
export async function show(frame) {
  const { TOWNS, icon, load, makeRoom } = await import(frame.dataset.base);
  const [coast, day] = await Promise.all([
    json(frame.dataset.coast),
    json(frame.dataset.source),
    load("link", { rel: "stylesheet", href: frame.dataset.style }),
    load("script", { src: frame.dataset.leaflet }),
  ]);
  const box = document.createElement("div");
  box.className = "map-box";
  frame.append(box);
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", frame.dataset.label);
  // Thousands of marks are smooth to move on a canvas only, which knows no style sheet.
  const map = L.map(box, { attributionControl: false, preferCanvas: true, maxZoom: 11, minZoom: 4.5, zoomSnap: 0.5, scrollWheelZoom: false });
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const spots = [...day.districts, ...day.events].map(([lat, lon]) => [lat, lon]);
  map.fitBounds(spots.length ? spots : [[50, -6], [58.5, 1.7]], { padding: [24, 24], maxZoom: 9, animate: false });
  L.geoJSON(coast, { interactive: false, className: "land", renderer: L.svg({ pane: "tilePane" }) }).addTo(map);
  for (const [fromLat, fromLon, toLat, toLon, people] of day.ways) {
    L.polyline([[fromLat, fromLon], [toLat, toLon]], { interactive: false, color: colour("--ink-soft"), opacity: 0.4, weight: Math.min(6, 0.75 + Math.sqrt(people) / 2) }).addTo(map);
  }
  // A whole country of districts needs smaller circles.
  const scale = day.districts.length > 300 ? 0.4 : 1;
  for (const [lat, lon, seats, riders, words] of day.districts) {
    const short = riders > seats;
    const own = colour(short ? "--warn" : "--accent");
    L.circleMarker([lat, lon], { radius: scale * Math.min(18, 4 + Math.sqrt(seats + riders)), color: own, weight: short ? 1 + 2 * scale : 1, fillColor: own, fillOpacity: short ? 0.15 : 0.6 }).bindTooltip(text(words)).addTo(map);
  }
  for (const [lat, lon, words] of day.events) {
    L.circleMarker([lat, lon], { radius: 6, color: colour("--card"), weight: 2, fillColor: colour("--ink"), fillOpacity: 1 }).bindTooltip(text(words)).addTo(map);
  }
  const towns = TOWNS.map(([name, ...at]) => L.marker(at, { icon: icon("town", name), interactive: false, keyboard: false }).addTo(map));
  const events = day.events.map(([lat, lon]) => [lat, lon]);
  map.on("zoomend", () => makeRoom(map, towns, events));
  makeRoom(map, towns, events);
}

async function json(address) {
  const answer = await fetch(address);
  return answer.ok ? answer.json() : Promise.reject(answer.status);
}

// Somebody typed it: it is text, never markup.
function text(words) {
  const span = document.createElement("span");
  span.textContent = words;
  return span;
}
