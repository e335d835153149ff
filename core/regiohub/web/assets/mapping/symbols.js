// One symbol per kind: shape and sign tell them apart as well as the colour does.
export const KINDS = ["plain", "good", "info", "warn", "bad"];
export const DASHES = { plain: [1], good: [1], info: [4, 1.5], warn: [2, 1.5], bad: [0.8, 1] };

const SIZE = 28;
const RATIO = 2;
const MIDDLE = SIZE / 2;
const OUTLINES = {
  plain: (path) => path.arc(MIDDLE, MIDDLE, 8, 0, 2 * Math.PI),
  good: (path) => path.arc(MIDDLE, MIDDLE, 11, 0, 2 * Math.PI),
  info: (path) => path.roundRect(MIDDLE - 10, MIDDLE - 10, 20, 20, 3),
  warn: (path) => corners(path, [MIDDLE, 1.5], [SIZE - 1.5, SIZE - 4], [1.5, SIZE - 4]),
  bad: (path) => corners(path, [MIDDLE, 1], [SIZE - 1, MIDDLE], [MIDDLE, SIZE - 1], [1, MIDDLE]),
};
const SIGNS = { good: "✓", info: "i", warn: "!", bad: "×" };

function corners(path, first, ...others) {
  path.moveTo(...first);
  for (const corner of others) path.lineTo(...corner);
  path.closePath();
}

/** Pixels of the symbol of a kind. */
function symbol(kind, colours) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE * RATIO;
  const context = canvas.getContext("2d");
  context.scale(RATIO, RATIO);
  const path = new Path2D();
  OUTLINES[kind](path);
  context.fillStyle = colours[kind];
  context.strokeStyle = colours.paper;
  context.lineWidth = 2;
  context.fill(path);
  context.stroke(path);
  context.fillStyle = colours.paper;
  context.font = "bold 15px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(SIGNS[kind] ?? "", MIDDLE, MIDDLE + (kind === "warn" ? 3 : 1));
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** Give the map the symbols of all kinds, and new ones when the theme changes. */
export function addSymbols(frame) {
  for (const kind of KINDS) frame.map.addImage(`kind-${kind}`, symbol(kind, frame.colours), { pixelRatio: RATIO });
  frame.repainted.push((colours) => {
    for (const kind of KINDS) frame.map.updateImage(`kind-${kind}`, symbol(kind, colours));
  });
}
