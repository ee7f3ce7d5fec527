// All pages work without this file. It moves the focus to what went wrong, and takes a second press off a button.
const faults = document.querySelector(".summary-of-errors");
if (faults) faults.focus();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  // A page that comes back from the browser's memory can be sent again.
  addEventListener("pageshow", () => delete form.dataset.sent, { once: true });
});
