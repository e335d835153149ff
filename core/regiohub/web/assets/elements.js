// What all scripts of the pages need: elements with attributes, and finding those that a script brings to life.

/** Open what `selector` finds in the page, now and in fragments that htmx brings; close what it takes away. */
export function attach(selector, open) {
  const opened = new WeakMap();
  const start = (root) => {
    for (const holder of root.querySelectorAll(selector)) {
      if (!opened.has(holder)) opened.set(holder, open(holder));
    }
  };
  document.addEventListener("htmx:load", (event) => start(event.target.parentElement ?? document));
  document.addEventListener("htmx:beforeCleanupElement", async (event) => (await opened.get(event.target))?.remove());
  start(document);
}

/** An element with attributes and content; text is always text. */
export function make(name, attributes = {}, ...content) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...content);
  return element;
}
