// Maps of the pages: <div data-map="/address/of.geojson" data-title="…">. Properties of a feature: title, text?, url?,
// kind? (good, info, warn, bad, plain). Nothing of the data is ever read as HTML, and nothing is fetched from elsewhere
// unless data-style names a style.
import { Popup } from "maplibre-gl";
import { attach, make } from "./elements.js";
import { addBase, openFrame } from "./mapping/frame.js";
import { anchorOf, boundsOf } from "./mapping/places.js";
import { DASHES, KINDS, addSymbols } from "./mapping/symbols.js";
import { words } from "./mapping/words.js";

const CLUSTER_FROM = 300;
const REACH = 6; // pixels around a click: a line is hard to hit
const SHOWN = ["area", "points", "clusters", ...KINDS.map((kind) => `line-${kind}`)];

async function read(address) {
  const response = await fetch(address, { headers: { accept: "application/geo+json, application/json" } });
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return (await response.json()).features;
}

/** What the map draws: the place of each feature, its number in the list and its kind, and nothing else. */
function drawable(features) {
  return {
    type: "FeatureCollection",
    features: features.map(({ geometry, properties }, number) => {
      const kind = KINDS.includes(properties?.kind) ? properties.kind : "plain";
      return { type: "Feature", geometry, properties: { number, kind } };
    }),
  };
}

function addLayers(frame, features) {
  const points = features.filter((feature) => feature.geometry.type === "Point").length;
  const counts = Object.fromEntries(["bad", "warn"].map((kind) => [kind, ["+", ["case", ["==", ["get", "kind"], kind], 1, 0]]]));
  const many = points > CLUSTER_FROM;
  const data = drawable(features);
  frame.map.addSource("entries", {
    type: "geojson", data, ...(many && { cluster: true, clusterRadius: 44, clusterMaxZoom: 15, clusterProperties: counts }),
  });
  const layer = { source: "entries" };
  const single = ["!", ["has", "point_count"]];
  const colour = (colours) => ["match", ["get", "kind"], ...["good", "info", "warn", "bad"].flatMap((kind) => [kind, colours[kind]]), colours.plain];
  frame.addLayer({ ...layer, id: "area", type: "fill", filter: ["==", ["geometry-type"], "Polygon"] },
    (colours) => ({ "fill-color": colour(colours), "fill-opacity": 0.22 }));
  for (const kind of KINDS) {
    frame.addLayer({ ...layer, id: `line-${kind}`, type: "line", filter: ["all", ["==", ["get", "kind"], kind], ["!=", ["geometry-type"], "Point"]] },
      (colours) => ({ "line-color": colours[kind], "line-width": 3, ...(DASHES[kind].length > 1 && { "line-dasharray": DASHES[kind] }) }));
  }
  frame.addLayer({ ...layer, id: "chosen-line", type: "line", filter: ["==", ["get", "number"], -1] },
    (colours) => ({ "line-color": colours.ink, "line-width": 6, "line-opacity": 0.6 }));
  frame.addLayer({ ...layer, id: "chosen-point", type: "circle", filter: ["==", ["get", "number"], -1] },
    (colours) => ({ "circle-radius": 18, "circle-color": colours.ink, "circle-opacity": 0.25, "circle-stroke-color": colours.ink, "circle-stroke-width": 2 }));
  addSymbols(frame);
  frame.addLayer({ ...layer, id: "points", type: "symbol", filter: ["all", single, ["==", ["geometry-type"], "Point"]],
    layout: { "icon-image": ["concat", "kind-", ["get", "kind"]], "icon-allow-overlap": true } }, () => ({}));
  if (!many) return;
  const worst = (colours) => ["case", [">", ["get", "bad"], 0], colours.bad, [">", ["get", "warn"], 0], colours.warn, colours.plain];
  frame.addLayer({ ...layer, id: "clusters", type: "circle", filter: ["has", "point_count"] },
    (colours) => ({ "circle-color": colours.paper, "circle-radius": ["step", ["get", "point_count"], 15, 50, 19, 500, 24], "circle-stroke-color": worst(colours), "circle-stroke-width": 4 }));
  // Without an address of glyphs MapLibre draws the figures with a font of this computer.
  frame.addLayer({ ...layer, id: "cluster-counts", type: "symbol", filter: ["has", "point_count"],
    layout: { "text-field": ["to-string", ["get", "point_count"]], "text-font": ["sans-serif"], "text-size": 13, "text-allow-overlap": true } },
    (colours) => ({ "text-color": colours.ink }));
}

function safeLink(address) {
  const url = URL.parse(address, location.href);
  return url && ["http:", "https:"].includes(url.protocol) ? url.href : null;
}

function card({ title, text, url }) {
  const content = make("div", { class: "map__card" }, make("p", { class: "map__title" }, String(title ?? "")));
  for (const line of String(text ?? "").split("\n").filter(Boolean)) content.append(make("p", {}, line));
  const href = url && safeLink(url);
  if (href) content.append(make("p", {}, make("a", { href, "aria-label": `${words.open}: ${title ?? ""}` }, words.open)));
  return content;
}

/** Popups, and the choice of a feature by click or by the buttons below the map. */
function choosing(frame, features, say) {
  const { map } = frame;
  let popup = null;
  const mark = (number) => {
    for (const id of ["chosen-line", "chosen-point"]) {
      const kind = id === "chosen-line" ? ["!=", ["geometry-type"], "Point"] : ["==", ["geometry-type"], "Point"];
      map.setFilter(id, ["all", kind, ["==", ["get", "number"], number]]);
    }
  };
  const show = (number, at, focus) => {
    popup?.remove();
    const feature = features[number];
    popup = new Popup({ maxWidth: "20rem", focusAfterOpen: focus, offset: feature.geometry.type === "Point" ? 18 : 0 }).setLngLat(at ?? anchorOf(feature.geometry));
    popup.setDOMContent(card(feature.properties ?? {})).addTo(map);
    popup.on("close", () => mark(-1));
    mark(number);
    say(words.step(number + 1, features.length, feature.properties?.title ?? ""));
  };
  map.getContainer().addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !popup?.isOpen()) return;
    popup.remove();
    map.getCanvas().focus();
  });
  const layers = SHOWN.filter((id) => map.getLayer(id));
  const hits = ({ x, y }) => map.queryRenderedFeatures([[x - REACH, y - REACH], [x + REACH, y + REACH]], { layers });
  map.on("click", async (event) => {
    const found = hits(event.point);
    const top = found.find((feature) => feature.geometry.type === "Point") ?? found[0];
    if (!top) return;
    if (top.properties.cluster) {
      const zoom = await map.getSource("entries").getClusterExpansionZoom(top.properties.cluster_id);
      map.easeTo({ center: top.geometry.coordinates, zoom });
      return;
    }
    show(top.properties.number, top.geometry.type === "Point" ? null : event.lngLat, true);
  });
  map.on("mousemove", (event) => {
    map.getCanvas().style.cursor = hits(event.point).length > 0 ? "pointer" : "";
  });
  return (number) => {
    const at = anchorOf(features[number].geometry);
    if (!map.getBounds().contains(at)) map.easeTo({ center: at });
    show(number, at, false);
  };
}

function stepper(count, choose) {
  let at = -1;
  const button = (label, way) => {
    const made = make("button", { type: "button", class: "map__button" }, label);
    made.addEventListener("click", () => {
      at = at < 0 ? (way > 0 ? 0 : count - 1) : (at + way + count) % count;
      choose(at);
    });
    return made;
  };
  return [button(words.previous, -1), button(words.next, 1)];
}

async function open(holder) {
  const title = holder.dataset.title || words.map;
  const canvas = make("div", { class: "map__canvas" });
  const status = make("p", { class: "map__status", role: "status" }, words.loading);
  const bar = make("div", { class: "map__bar" }, status);
  const say = (text) => status.replaceChildren(text);
  holder.classList.add("map");
  holder.replaceChildren(canvas, bar);
  let frame;
  try {
    frame = await openFrame(holder, canvas, title);
  } catch {
    canvas.remove(); // no WebGL here: the list beside the map has everything
    say(words.noMap);
    return null;
  }
  try {
    addBase(frame, holder);
    const all = await read(holder.dataset.map);
    const features = all.filter((feature) => feature.geometry);
    addLayers(frame, features);
    const bounds = boundsOf(features.map((feature) => feature.geometry));
    if (bounds) frame.map.fitBounds(bounds, { padding: 48, maxZoom: 15, animate: false });
    const choose = choosing(frame, features, say);
    if (features.length > 0) bar.prepend(...stepper(features.length, choose));
    const without = all.length - features.length;
    say([features.length > 0 ? words.shown(features.length) : words.empty, ...(without > 0 ? [words.without(without)] : [])].join(" · "));
    frame.map.once("idle", () => holder.setAttribute("data-ready", String(features.length)));
  } catch {
    say(words.noData);
  }
  return frame;
}

attach("[data-map]", open);
