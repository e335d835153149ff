// What the theme leaves out: the search has a name, and whoever has no mouse scrolls wide
// tables and diagrams by the keyboard.
document$.subscribe(() => {
  document.querySelector(".md-search")?.setAttribute("aria-label", "Search");
  for (const [index, box] of document.querySelectorAll(".md-typeset__scrollwrap, .diagram").entries()) {
    if (box.scrollWidth > box.clientWidth) {
      box.tabIndex = 0;
      box.setAttribute("role", "region");
      box.setAttribute("aria-label", `Table or diagram ${index + 1}, scrolls sideways`);
    }
  }
});
