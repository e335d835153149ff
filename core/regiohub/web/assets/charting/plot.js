// The plot itself: scales by unit, axes in the page's language and time zone, colours from the style sheet.
import uPlot from "uplot";
import { columns } from "./data.js";
import { clock, number } from "./words.js";

const DAY = 86400;
export const DASHES = [[], [10, 5], [3, 4], [12, 4, 3, 4], [6, 3], [2, 6]];

/** The colours that hold for an element now. */
export function palette(holder) {
  const style = getComputedStyle(holder);
  const colour = (name) => style.getPropertyValue(`--chart-${name}`).trim();
  return {
    ink: colour("ink"), quiet: colour("quiet"), grid: colour("grid"), ground: colour("ground"), doubt: colour("doubt"),
    lines: [1, 2, 3, 4, 5, 6].map(colour),
  };
}

const shade = (colour, part) => `${colour}${Math.round(part * 255).toString(16).padStart(2, "0")}`;

function tickWords(data, zone) {
  if (data.labels) return (_, splits) => splits.map((at) => (Number.isInteger(at) ? (data.labels[at] ?? "") : ""));
  const say = clock(zone);
  return (_, splits, _axis, _space, step) => {
    if (step >= 365 * DAY) return splits.map(say.year);
    if (step >= 28 * DAY) return splits.map(say.month);
    if (step >= DAY) return splits.map(say.day);
    let before = "";
    return splits.map((at) => {
      const day = say.day(at);
      const time = step < 60 ? say.second(at) : say.time(at);
      const text = day === before ? time : `${time}\n${day}`;
      before = day;
      return text;
    });
  };
}

function seriesOf({ role, number: at }, data, colours, dots) {
  if (role === "times") return {};
  const { label, unit } = data.series[at];
  const colour = colours.lines[at % colours.lines.length];
  const common = { label, scale: unit || "y", spanGaps: false, points: { show: false } };
  if (role === "low" || role === "high") return { ...common, stroke: shade(colour, 0.35), width: 1 };
  if (role === "doubt")
    return { ...common, stroke: colours.doubt, width: 0, paths: () => null, points: { show: true, size: 9, width: 2, stroke: colours.doubt, fill: colours.ground } };
  if (role === "bar")
    return { ...common, stroke: colour, fill: shade(colour, 0.55), width: 1, paths: uPlot.paths.bars({ size: [0.8, 48] }) };
  return { ...common, stroke: colour, width: 2, dash: DASHES[at % DASHES.length], points: { show: dots, size: 5, stroke: colour, fill: colour } };
}

/** Make the plot in `box`. `moved` is told the place of the cursor, `zoomed` whether a part is shown. */
export function draw(box, data, { zone, colours, height, moved, zoomed }) {
  const table = columns(data);
  const units = [...new Set(data.series.map(({ unit }) => unit || "y"))];
  const hasBars = data.series.some(({ kind }) => kind === "bar");
  const axis = { stroke: colours.quiet, grid: { stroke: colours.grid, width: 1 }, ticks: { stroke: colours.grid, width: 1 }, font: "13px 'Fira Sans', sans-serif" };
  const dots = data.times.length < 60;
  const wide = (_, values) => 14 + 8 * Math.max(2, ...(values ?? []).map((text) => text.length));
  const first = data.times[0];
  const last = data.times[data.times.length - 1];
  const pad = data.labels ? 0.6 : hasBars ? (last - first) / Math.max(1, data.times.length - 1) / 2 || 1800 : 0;
  const scaleOfUnit = { range: (_, low, high) => uPlot.rangeNum(hasBars ? Math.min(0, low ?? 0) : (low ?? 0), high ?? 1, hasBars ? { min: { pad: 0, soft: 0, mode: 1 }, max: { pad: 0.1, mode: 2 } } : 0.1, true) };
  const options = {
    width: Math.max(box.clientWidth, 200),
    height,
    tzDate: (seconds) => (zone ? uPlot.tzDate(new Date(seconds * 1000), zone) : new Date(seconds * 1000)),
    legend: { show: false },
    cursor: { drag: { x: !data.labels, y: false, dist: 8 }, points: { size: 8 } },
    focus: { alpha: 1 },
    scales: {
      x: { time: !data.labels, range: (_, low, high) => (low === first && high === last ? [low - pad, high + pad] : [low, high]) },
      ...Object.fromEntries(units.map((unit) => [unit, scaleOfUnit])),
    },
    axes: [
      { ...axis, values: tickWords(data, zone), space: 70, ...(data.labels && { incrs: [1], space: 20 }) },
      ...units.slice(0, 2).map((unit, at) => ({
        ...axis, scale: unit, side: at ? 1 : 3, grid: { ...axis.grid, show: at === 0 }, size: wide,
        values: (_, splits) => splits.map((value) => (value === null ? "" : number(value))),
        label: unit === "y" ? undefined : unit, labelSize: 22, labelFont: axis.font,
      })),
    ],
    series: table.map((column) => seriesOf(column, data, colours, dots)),
    bands: table.flatMap(({ role, number: at }, place) =>
      role === "low" ? [{ series: [place + 1, place], fill: shade(colours.lines[at % colours.lines.length], 0.16) }] : []),
    hooks: {
      setCursor: [({ cursor }) => moved(cursor.idx)],
      setScale: [(plot, key) => key === "x" && zoomed(plot.scales.x.min > first || plot.scales.x.max < last)],
    },
  };
  return { plot: new uPlot(options, table.map(({ values }) => values), box), table };
}
