// A run while it is watched: the server tells how far it is, and the parts of the page that changed are put in.
const live = document.querySelector("[data-events]");
const status = document.querySelector("[data-run-status]");
const SECONDS_BETWEEN_WORDS = 15;
let again = 0;
let state = "";

function put(html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const parts = [...fresh.content.querySelectorAll("[data-part]")];
  const old = [...live.querySelectorAll("[data-part]")];
  if (parts.map((part) => part.dataset.part).join() !== old.map((part) => part.dataset.part).join()) {
    live.replaceChildren(fresh.content);
    return;
  }
  // Part by part, so that what is open stays open and the focus stays where it is.
  parts.forEach((part, number) => {
    if (old[number].innerHTML !== part.innerHTML) old[number].innerHTML = part.innerHTML;
  });
}

// Who listens to the page hears every new state, and else now and then how far it is, not every second.
function say() {
  const words = live.querySelector("[data-said]");
  const heading = live.querySelector("h3")?.textContent;
  if (!status || !words || (heading === state && performance.now() < again)) return;
  again = performance.now() + 1000 * SECONDS_BETWEEN_WORDS;
  state = heading;
  status.textContent = words.textContent;
}

function watch() {
  const source = new EventSource(live.dataset.events);
  source.addEventListener("run", (event) => {
    put(event.data);
    say();
  });
  source.addEventListener("over", () => {
    source.close();
    location.reload();
  });
  // The browser asks again by itself after a break, but not after a refusal.
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(watch, 5000);
  });
}

if (live) watch();
