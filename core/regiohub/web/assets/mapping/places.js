// Geometry of GeoJSON: bounds, a place to point at, parts of multi-geometries.
import { LngLatBounds } from "maplibre-gl";

/** Call `visit` for each position of a geometry. */
function eachPosition(geometry, visit) {
  if (geometry.type === "GeometryCollection") {
    for (const part of geometry.geometries) eachPosition(part, visit);
    return;
  }
  const walk = (value) => (typeof value[0] === "number" ? visit(value) : value.forEach(walk));
  walk(geometry.coordinates);
}

/** The box around geometries; `null` around nothing. */
export function boundsOf(geometries) {
  const bounds = new LngLatBounds();
  for (const geometry of geometries) eachPosition(geometry, ([lon, lat]) => bounds.extend([lon, lat]));
  return bounds.isEmpty() ? null : bounds;
}

/** Where a popup points at: the point itself, the middle vertex of a line, the middle of an area. */
export function anchorOf(geometry) {
  if (geometry.type === "Point") return geometry.coordinates.slice(0, 2);
  if (geometry.type === "LineString") return geometry.coordinates[Math.floor(geometry.coordinates.length / 2)].slice(0, 2);
  if (geometry.type === "MultiPoint") return geometry.coordinates[0].slice(0, 2);
  return boundsOf([geometry]).getCenter().toArray();
}

/** The simple geometries that a geometry is made of. */
export function partsOf(geometry) {
  if (geometry.type === "GeometryCollection") return geometry.geometries.flatMap(partsOf);
  if (!geometry.type.startsWith("Multi")) return [geometry];
  const type = geometry.type.slice("Multi".length);
  return geometry.coordinates.map((coordinates) => ({ type, coordinates }));
}

/** One geometry made of simple ones of one type; `null` of none. */
export function together(parts) {
  if (parts.length < 2) return parts[0] ?? null;
  return { type: `Multi${parts[0].type}`, coordinates: parts.map((part) => part.coordinates) };
}

/** The outer ring against the clock, as RFC 7946 asks for. */
export function wound(geometry) {
  if (geometry.type !== "Polygon") return geometry;
  const [ring, ...holes] = geometry.coordinates;
  let twice = 0;
  for (let at = 1; at < ring.length; at += 1) twice += (ring[at][0] - ring[at - 1][0]) * (ring[at][1] + ring[at - 1][1]);
  return { type: "Polygon", coordinates: [twice > 0 ? ring.toReversed() : ring, ...holes] };
}
