// The console in the browser: htmx for lists and progress, small helps. Every page works without it.
import htmx from "htmx.org";

window.htmx = htmx;

function foldMenu() {
  const narrow = window.matchMedia("(max-width: 60rem)");
  for (const menu of document.querySelectorAll("[data-menu]")) {
    if (narrow.matches) menu.removeAttribute("open");
    narrow.addEventListener("change", (event) => menu.toggleAttribute("open", !event.matches));
  }
}

function toFaults() {
  document.querySelector("[data-focus]")?.focus();
}

function guardDoubleSubmit() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    // Coming back with the browser's button must leave a usable form.
    window.addEventListener("pageshow", () => delete form.dataset.sent, { once: true });
  });
}

// Maps and the like are heavy: their files are loaded where a page has such an element, now or in a fragment of htmx.
function loadWhereNeeded() {
  const assets = JSON.parse(document.body.dataset.assets);
  const look = () => {
    for (const [kind, files] of Object.entries(assets)) {
      if (!document.querySelector(`[data-${kind}]`)) continue;
      delete assets[kind];
      for (const file of files) loadFile(file);
    }
  };
  document.addEventListener("htmx:load", look);
  look();
}

function loadFile(address) {
  const isStyle = new URL(address, location.href).pathname.endsWith(".css");
  const [name, attributes] = isStyle ? ["link", { rel: "stylesheet", href: address }] : ["script", { type: "module", src: address }];
  if (document.querySelector(`${name}[${isStyle ? "href" : "src"}="${address}"]`)) return;
  document.head.append(Object.assign(document.createElement(name), attributes));
}

foldMenu();
loadWhereNeeded();
toFaults();
guardDoubleSubmit();
