// Drawing a geometry into a text field: <textarea id="place">…</textarea><div data-draw="place"></div>.
// The field holds a GeoJSON geometry (RFC 7946, WGS 84) or nothing; it stays the editor where there is no JavaScript,
// and what is typed there shows on the map.
import {
  TerraDraw, TerraDrawLineStringMode, TerraDrawModeUndoRedo, TerraDrawPointMode, TerraDrawPolygonMode,
  TerraDrawSelectMode, ValidateNotSelfIntersecting,
} from "terra-draw";
import { TerraDrawMapLibreGLAdapter } from "terra-draw-maplibre-gl-adapter";
import { attach, make } from "./elements.js";
import { addBase, openFrame } from "./mapping/frame.js";
import { boundsOf, partsOf, together, wound } from "./mapping/places.js";
import { words } from "./mapping/words.js";

const DIGITS = 7; // about a centimetre
const HINTS = { point: words.hintPoint, linestring: words.hintLine, polygon: words.hintArea, select: words.hintSelect };
const AIDS = ["selectionPoint", "midPoint", "closingPoint", "snappingPoint", "coordinatePoint", "currentlyDrawing"];

const rounded = (value) => (typeof value === "number" ? Number(value.toFixed(DIGITS)) : value.map(rounded));
const flat = (value) => (typeof value[0] === "number" ? value.slice(0, 2) : value.map(flat));

function modesOf(colours, onCrossing) {
  const stroke = { outlineColor: colours.plain, outlineWidth: 3 };
  // Half-drawn areas may cross themselves; a corner that is set, or the end of a change, may not.
  const validation = (feature, { updateType }) => {
    if (updateType === "provisional") return { valid: true };
    const result = ValidateNotSelfIntersecting(feature);
    if (!result.valid) onCrossing();
    return result;
  };
  const corners = { coordinates: { midpoints: true, draggable: true, deletable: true }, draggable: true };
  return [
    new TerraDrawPointMode({ styles: { pointColor: colours.plain, pointWidth: 8, pointOutlineColor: colours.paper, pointOutlineWidth: 3 } }),
    new TerraDrawLineStringMode({ styles: { lineStringColor: colours.plain, lineStringWidth: 4 } }),
    new TerraDrawPolygonMode({ validation, styles: { fillColor: colours.plain, fillOpacity: 0.25, ...stroke } }),
    new TerraDrawSelectMode({
      flags: { point: { feature: { draggable: true } }, linestring: { feature: corners }, polygon: { feature: { ...corners, validation } } },
      styles: { selectedPolygonColor: colours.plain, selectedPolygonOutlineColor: colours.ink, selectedLineStringColor: colours.ink, selectedPointColor: colours.ink },
    }),
  ];
}

/** The drawing itself: what stands on the map, in the field, and how to get the last state back. */
class Drawing {
  constructor(frame, field, say) {
    this.frame = frame;
    this.field = field;
    this.say = say;
    this.several = false;
    this.past = [];
    this.draw = new TerraDraw({
      adapter: new TerraDrawMapLibreGLAdapter({ map: frame.map, coordinatePrecision: DIGITS }),
      modes: modesOf(frame.colours, () => say(words.crossing)),
      undoRedo: { modeLevel: new TerraDrawModeUndoRedo() },
    });
    this.draw.start();
    // The library is still at work while it tells; what changes its features has to wait a moment.
    this.draw.on("finish", (id, { action }) => queueMicrotask(() => this.finished(id, action)));
    field.addEventListener("change", () => this.load());
    this.shown = field.value;
  }

  get features() {
    return this.draw.getSnapshot().filter(({ properties }) => !AIDS.some((name) => properties[name]));
  }

  finished(id, action) {
    const drawn = this.draw.getSnapshotFeature(id);
    if (action === "draw" && drawn) {
      const others = this.features.filter((other) => other.id !== id);
      const superseded = others.filter((other) => !this.several || other.geometry.type !== drawn.geometry.type);
      this.draw.removeFeatures(superseded.map((other) => other.id));
    }
    this.write();
    this.say(words.drawn(words[drawn?.geometry.type.toLowerCase()] ?? ""));
    if (action === "draw" && drawn?.geometry.type !== "Point") this.onDrawn?.(id);
  }

  /** Put what is on the map into the field, as a valid geometry. */
  write() {
    const parts = this.features.map(({ geometry }) => wound({ ...geometry, coordinates: rounded(geometry.coordinates) }));
    const geometry = together(parts);
    this.past.push(this.shown);
    this.shown = geometry ? JSON.stringify(geometry) : "";
    this.field.value = this.shown;
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    this.onChange?.();
  }

  /** Show on the map what stands in the field. */
  load({ fit = false } = {}) {
    const text = this.field.value.trim();
    this.draw.removeFeatures(this.features.map((feature) => feature.id));
    this.shown = this.field.value;
    if (text) this.add(text, fit);
    this.onChange?.();
  }

  add(text, fit) {
    let parts;
    try {
      parts = partsOf(JSON.parse(text)).map(({ type, coordinates }) => ({ type, coordinates: rounded(flat(coordinates)) }));
    } catch {
      this.say(words.unreadable);
      return;
    }
    const made = parts.map((geometry) => (
      { type: "Feature", id: crypto.randomUUID(), geometry, properties: { mode: String(geometry.type).toLowerCase() } }));
    let refused = true;
    try {
      refused = this.draw.addFeatures(made).some(({ valid }) => !valid);
    } catch {
      // coordinates of another shape than the type has
    }
    if (refused) {
      this.draw.removeFeatures(this.features.map((feature) => feature.id));
      this.say(words.textOnly);
    }
    this.several = parts.length > 1;
    if (fit && !refused) this.frame.map.fitBounds(boundsOf(parts), { padding: 60, maxZoom: 16, animate: false });
  }

  get canUndo() {
    return this.draw.canUndo() || this.past.length > 0;
  }

  undo() {
    if (this.draw.canUndo()) {
      this.draw.undo();
      return;
    }
    this.field.value = this.past.pop() ?? "";
    this.load();
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    this.say(words.undone);
  }

  remove() {
    const all = this.features;
    const chosen = all.filter(({ properties }) => properties.selected);
    const gone = (chosen.length > 0 ? chosen : all).map((feature) => feature.id);
    if (gone.length === 0 && !this.field.value) {
      this.say(words.nothing);
      return;
    }
    this.draw.removeFeatures(gone);
    this.write();
    this.say(words.gone);
  }

  /** What a click in the middle of the map would do: the way to draw by keyboard. */
  place() {
    const canvas = this.frame.map.getCanvas();
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const at = { bubbles: true, isPrimary: true, pointerId: 1, clientX: left + width / 2, clientY: top + height / 2 };
    for (const [name, buttons] of [["pointermove", 0], ["pointerdown", 1], ["pointerup", 0]])
      canvas.dispatchEvent(new PointerEvent(name, { ...at, button: name === "pointermove" ? -1 : 0, buttons }));
  }

  finish() {
    this.frame.map.getCanvas().dispatchEvent(new KeyboardEvent("keyup", { key: "Enter", bubbles: true }));
  }
}

function toolbar(holder, drawing, say) {
  const kinds = (holder.dataset.drawKinds || "point linestring polygon").split(" ").filter((kind) => kind in HINTS);
  const bar = make("div", { class: "map__bar", role: "group", "aria-label": words.tools });
  const button = (label, act) => {
    const made = make("button", { type: "button", class: "map__button" }, label);
    made.addEventListener("click", act);
    bar.append(made);
    return made;
  };
  const tools = {};
  const use = (mode) => {
    drawing.draw.setMode(mode);
    for (const [name, tool] of Object.entries(tools)) tool.setAttribute("aria-pressed", String(name === mode));
    holder.classList.toggle("map--drawing", mode !== "select");
    place.disabled = mode === "select";
    finish.disabled = !["linestring", "polygon"].includes(mode);
    say(HINTS[mode]);
  };
  for (const kind of [...kinds, "select"]) tools[kind] = button(words[kind], () => use(kind));
  for (const tool of Object.values(tools)) tool.setAttribute("aria-pressed", "false");
  const place = button(words.place, () => drawing.place());
  const finish = button(words.finish, () => drawing.finish());
  const undo = button(words.undo, () => drawing.undo());
  const remove = button(words.remove, () => drawing.remove());
  const several = make("input", { type: "checkbox" });
  several.addEventListener("change", () => {
    drawing.several = several.checked;
  });
  bar.append(make("label", { class: "map__choice" }, several, words.several));
  place.disabled = finish.disabled = true;
  const refresh = () => {
    undo.disabled = !drawing.canUndo;
    remove.disabled = !drawing.field.value;
    several.checked = drawing.several;
  };
  drawing.onChange = refresh;
  drawing.draw.on("change", refresh);
  drawing.onDrawn = (id) => {
    use("select");
    drawing.draw.selectFeature(id);
    say(words.drawn(words[drawing.draw.getSnapshotFeature(id)?.geometry.type.toLowerCase()] ?? ""));
  };
  refresh();
  return bar;
}

async function open(holder) {
  const field = document.getElementById(holder.dataset.draw);
  const canvas = make("div", { class: "map__canvas" });
  const status = make("p", { class: "map__status", role: "status" }, words.loading);
  const say = (text) => status.replaceChildren(text);
  holder.classList.add("map");
  holder.replaceChildren(canvas, status);
  let frame;
  try {
    frame = await openFrame(holder, canvas, holder.dataset.title || words.drawMap);
  } catch {
    canvas.remove();
    say(words.noMap);
    return null;
  }
  addBase(frame, holder);
  const drawing = new Drawing(frame, field, say);
  holder.prepend(toolbar(holder, drawing, say));
  say(words.hintChoose);
  drawing.load({ fit: true });
  frame.map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key !== " " || !holder.classList.contains("map--drawing")) return;
    event.preventDefault(); // the page would scroll
    drawing.place();
  });
  frame.map.once("idle", () => holder.setAttribute("data-ready", "true"));
  return frame;
}

attach("[data-draw]", open);
