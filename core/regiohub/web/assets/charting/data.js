// What a chart draws, from what its address answers:
//   {times: [seconds], labels?: [text], series: [{label, unit, values, kind?: "line|bar", low?, high?}], quality?: [0|1]}
// `labels` make a chart of categories instead of moments; `low` and `high` draw a band around a line; `quality` marks
// moments whose values are not plausible.

export async function read(address) {
  const response = await fetch(address, { headers: { accept: "application/json" } });
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  const { times, labels, series = [], quality } = await response.json();
  return { labels, quality, series, times: labels ? labels.map((_, at) => at) : times };
}

/** Whether there is anything to draw. */
export function isEmpty({ times, series }) {
  return times.length === 0 || series.every(({ values }) => values.every((value) => value === null));
}

/**
 * The columns that uPlot draws, each with the series it belongs to and its role: "line", "bar", "low", "high", "doubt".
 * Values in doubt stand apart from the line, so that a spike does not look like a measurement.
 */
export function columns({ times, series, quality }) {
  const doubtful = (at) => Boolean(quality?.[at]);
  const found = [{ role: "times", values: times }];
  for (const [number, { values, low, high, kind }] of series.entries()) {
    if (low && high) found.push({ role: "low", number, values: low }, { role: "high", number, values: high });
    // Null is a gap; undefined is passed over, so that one value in doubt does not cut the line.
    const sure = values.map((value, at) => (doubtful(at) ? undefined : value));
    found.push({ role: kind === "bar" ? "bar" : "line", number, values: sure });
    if (quality?.some(Boolean))
      found.push({ role: "doubt", number, values: values.map((value, at) => (doubtful(at) ? value : null)) });
  }
  return found;
}
