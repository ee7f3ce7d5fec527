// Keys for whoever works on coordinators' pages all day. All pages work without them, and one press turns them off.
const OFF = "shortcuts-off";
const WAIT = 1500;
const ROWS = "main tbody tr, main ul.list > li, main ol.cars > li";
const SEARCH = "main input[type=search], main input[name=q], main [role=search] input[type=text]";
const dialog = document.querySelector("#shortcuts");
const box = dialog.querySelector("#shortcuts-on");
const opener = document.querySelector("[data-shortcuts]");
let going = 0;

// A browser may keep nothing for anybody: then they are on, until the page is left.
const kept = (action) => {
  try {
    return action(localStorage);
  } catch {
    return null;
  }
};

const show = () => {
  const list = dialog.querySelector("dl");
  for (const old of list.querySelectorAll("[data-way]")) old.remove();
  for (const link of document.querySelectorAll("[data-go]")) {
    const row = document.createElement("div");
    const keys = document.createElement("dt");
    const words = document.createElement("dd");
    row.dataset.way = "";
    for (const key of ["g", link.dataset.go]) keys.append(Object.assign(document.createElement("kbd"), { textContent: key }), " ");
    words.textContent = link.textContent;
    row.append(keys, words);
    list.append(row);
  }
  dialog.showModal();
};

const step = (by) => {
  const rows = [...document.querySelectorAll(ROWS)].filter((row) => row.getClientRects().length);
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[here < 0 ? (by > 0 ? 0 : rows.length - 1) : here + by];
  if (!next) return;
  if (!next.hasAttribute("tabindex")) next.tabIndex = -1;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
};

const press = (event) => {
  if (going && Date.now() - going < WAIT) {
    going = 0;
    const link = [...document.querySelectorAll("[data-go]")].find((one) => one.dataset.go === event.key);
    link?.click();
    return Boolean(link);
  }
  going = event.key === "g" ? Date.now() : 0;
  if (event.key === "?") show();
  else if (event.key === "/") document.querySelector(SEARCH)?.focus();
  else if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "Enter" && event.target.matches(ROWS)) event.target.querySelector("a[href]")?.click();
  else return going > 0;
  return true;
};

addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
  if (typing || dialog.open || !box.checked) return;
  if (press(event)) event.preventDefault();
});

box.checked = kept((store) => store.getItem(OFF)) === null;
box.addEventListener("change", () => kept((store) => (box.checked ? store.removeItem(OFF) : store.setItem(OFF, "yes"))));
dialog.querySelector("button").addEventListener("click", () => dialog.close());
opener.addEventListener("click", show);
opener.hidden = false;
