// All pages work without this file. It moves the focus to what went wrong, and takes a second press off a button.
const faults = document.querySelector(".summary-of-errors");
if (faults) faults.focus();

document.addEventListener("submit", (event) => {
  const form = event.target;
  // The answer may be a file: then the page stays, and it may be asked for again.
  if ("answersFile" in form.dataset) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  const said = setTimeout(() => sayWait(form, event.submitter), 400);
  // A page that comes back from the browser's memory can be sent again.
  addEventListener("pageshow", () => {
    clearTimeout(said);
    delete form.dataset.sent;
    sayWait(form, event.submitter, false);
  }, { once: true });
});

// What takes more than a moment says so: the button turns, and where there are words for it, they appear.
function sayWait(form, button, waits = true) {
  if (button) button.ariaBusy = waits ? "true" : null;
  const words = form.querySelector("[data-wait]");
  if (words) words.textContent = waits ? words.dataset.wait : "";
}

// The map is for those who ask for it: until then nothing of it is loaded.
for (const frame of document.querySelectorAll("[data-map]")) {
  const button = frame.querySelector("button");
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const { show } = await import(frame.dataset.map);
      await show(frame);
      button.remove();
    } catch {
      button.replaceWith(frame.dataset.failed);
    }
  });
}

if (navigator.share) {
  for (const button of document.querySelectorAll("[data-share]")) {
    button.hidden = false;
    button.addEventListener("click", () => navigator.share({ title: document.title, url: button.dataset.share }).catch(() => {}));
  }
}
