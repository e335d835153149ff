// A map in an element of the page: the plain style of our own or the one of the setting, controls, keyboard, theme.
import { AttributionControl, Map as MapLibre, NavigationControl, ScaleControl, setWorkerUrl } from "maplibre-gl";
import { onThemeChange, palette } from "./palette.js";
import { locale, words } from "./words.js";

// The worker is a file beside this one: a worker from a blob would need a laxer policy.
setWorkerUrl(new URL(`./worker.js?v=${MAPLIBRE_VERSION}`, import.meta.url).href);

const GERMANY = [10.4, 51.2];
const NO_FEATURES = { type: "FeatureCollection", features: [] };

/** A style without tiles, glyphs or sprites: ground, a faint grid for orientation, and what the page puts on it. */
function plainStyle() {
  return {
    version: 8,
    sources: { grid: { type: "geojson", data: NO_FEATURES, attribution: words.ownData } },
    layers: [{ id: "ground", type: "background" }, { id: "grid", type: "line", source: "grid" }],
  };
}

const PLAIN_PAINT = {
  ground: (colours) => ({ "background-color": colours.ground }),
  grid: (colours) => ({ "line-color": colours.grid, "line-width": 1 }),
};

function gridLines(bounds) {
  const span = bounds.getNorth() - bounds.getSouth();
  const rough = 10 ** Math.floor(Math.log10(span || 1));
  const step = [rough / 5, rough / 2, rough].find((size) => span / size <= 8) ?? rough * 2;
  const lines = [];
  const across = step * 1.6; // roughly square in our latitudes
  for (let at = Math.floor(bounds.getWest() / across) * across; at <= bounds.getEast(); at += across)
    lines.push([[at, bounds.getSouth()], [at, bounds.getNorth()]]);
  for (let at = Math.floor(bounds.getSouth() / step) * step; at <= bounds.getNorth(); at += step)
    lines.push([[bounds.getWest(), at], [bounds.getEast(), at]]);
  return { type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates: lines } };
}

/**
 * Make a map in `canvas`. `holder` carries the attributes: data-style (address of a MapLibre style), data-centre
 * ("lon,lat"), data-zoom, data-title. Resolves once the style is there; rejects where the browser has no WebGL.
 */
export async function openFrame(holder, canvas, title) {
  const { style, centre: center, zoom } = holder.dataset;
  const map = new MapLibre({
    container: canvas,
    style: style || plainStyle(),
    center: center ? center.split(",").map(Number) : GERMANY,
    zoom: Number(zoom ?? (center ? 11 : 5)),
    locale: { ...locale, "Map.Title": title },
    attributionControl: false,
    cooperativeGestures: true,
    dragRotate: false,
    pitchWithRotate: false,
    rollEnabled: false,
    touchPitch: false,
    maxPitch: 0,
    maxZoom: 19,
    fadeDuration: 0,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new ScaleControl({ unit: "metric" }), "bottom-left");
  map.addControl(new AttributionControl({ compact: false, customAttribution: "" }), "bottom-right");
  await new Promise((resolve) => map.once("style.load", resolve));

  const paints = style ? {} : { ...PLAIN_PAINT };
  const frame = {
    map,
    colours: palette(holder),
    repainted: [],
    /** Add a layer whose colours follow the theme: `paint` makes the paint properties from the colours. */
    addLayer(layer, paint) {
      map.addLayer({ ...layer, paint: paint(frame.colours) });
      paints[layer.id] = paint;
    },
    remove() {
      stop();
      map.remove();
    },
  };
  const repaint = () => {
    frame.colours = palette(holder);
    for (const [layer, paint] of Object.entries(paints))
      for (const [name, value] of Object.entries(paint(frame.colours))) map.setPaintProperty(layer, name, value);
    for (const again of frame.repainted) again(frame.colours);
  };
  const stop = onThemeChange(repaint);
  repaint();
  if (!style) {
    const drawGrid = () => map.getSource("grid").setData(gridLines(map.getBounds()));
    map.on("moveend", drawGrid);
    map.on("resize", drawGrid);
    drawGrid();
  }
  return frame;
}

/** Quiet layers of the town below everything else: data-base, addresses of GeoJSON divided by spaces. */
export function addBase(frame, holder) {
  for (const [number, data] of (holder.dataset.base ?? "").split(" ").filter(Boolean).entries()) {
    frame.map.addSource(`base-${number}`, { type: "geojson", data: new URL(data, location.href).href });
    const layer = { source: `base-${number}` };
    frame.addLayer({ ...layer, id: `base-fill-${number}`, type: "fill", filter: ["==", ["geometry-type"], "Polygon"] },
      (colours) => ({ "fill-color": colours.base, "fill-opacity": 0.12 }));
    frame.addLayer({ ...layer, id: `base-line-${number}`, type: "line" },
      (colours) => ({ "line-color": colours.base, "line-width": 1.5 }));
    frame.addLayer({ ...layer, id: `base-point-${number}`, type: "circle", filter: ["==", ["geometry-type"], "Point"] },
      (colours) => ({ "circle-color": colours.base, "circle-radius": 4 }));
  }
}
