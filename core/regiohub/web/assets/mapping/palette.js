// Colours of the maps. They stand in map.css, where the page's theme decides, and are read from there.
const NAMES = ["ground", "grid", "base", "ink", "paper", "plain", "good", "info", "warn", "bad"];

/** The colours that hold for an element now: `{ground: "#…", …}`. */
export function palette(element) {
  const style = getComputedStyle(element);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--map-${name}`).trim()]));
}

/** Call `changed` whenever light turns dark or back, by the system or by the page's own switch. */
export function onThemeChange(changed) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const observer = new MutationObserver(changed);
  dark.addEventListener("change", changed);
  observer.observe(document.documentElement, { attributeFilter: ["data-kern-theme"] });
  return () => {
    dark.removeEventListener("change", changed);
    observer.disconnect();
  };
}
