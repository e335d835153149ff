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

foldMenu();
toFaults();
guardDoubleSubmit();
