// German and English words of the charts, and numbers and moments in the language of the page.
const GERMAN = {
  loading: "Die Kurve wird geladen …",
  empty: "In diesem Zeitraum gibt es keine Werte.",
  noData: "Die Werte sind gerade nicht erreichbar. Die Tabelle zeigt dieselben Werte.",
  whole: "Ganzen Zeitraum zeigen",
  keys: "Reihen: ein- und ausblenden",
  moment: "Zeitpunkt",
  doubt: "unplausible Werte",
  doubtful: "unplausibel",
  missing: "kein Wert",
  hint: "Zum Vergrößern einen Bereich aufziehen.",
  summary: (title, count, from, to) => `${title}: Diagramm mit ${count} Zeitpunkten von ${from} bis ${to}.`,
};

const ENGLISH = {
  loading: "Loading the chart …",
  empty: "There are no values in this span.",
  noData: "The values cannot be reached right now. The table shows the same values.",
  whole: "Show the whole span",
  keys: "Series: show and hide",
  moment: "Moment",
  doubt: "implausible values",
  doubtful: "implausible",
  missing: "no value",
  hint: "Drag over a part to enlarge it.",
  summary: (title, count, from, to) => `${title}: chart with ${count} moments from ${from} to ${to}.`,
};

const language = document.documentElement.lang.startsWith("en") ? "en-GB" : "de-DE";

export const words = language === "de-DE" ? GERMAN : ENGLISH;

const plain = new Intl.NumberFormat(language, { maximumSignificantDigits: 6 });

/** A number as people write it; "no value" for none. */
export function number(value) {
  return value === null || value === undefined ? words.missing : plain.format(value);
}

/** A number with its unit. */
export function withUnit(value, unit) {
  return value === null || value === undefined || !unit ? number(value) : `${number(value)} ${unit}`;
}

/** Writers of moments (seconds since 1970) in a time zone. */
export function clock(timeZone) {
  const form = (options) => {
    const format = new Intl.DateTimeFormat(language, { timeZone: timeZone || undefined, ...options });
    return (seconds) => format.format(new Date(seconds * 1000));
  };
  return {
    full: form({ dateStyle: "medium", timeStyle: "short" }),
    year: form({ year: "numeric" }),
    month: form({ month: "short", year: "numeric" }),
    day: form({ day: "numeric", month: "numeric" }),
    time: form({ hour: "2-digit", minute: "2-digit" }),
    second: form({ hour: "2-digit", minute: "2-digit", second: "2-digit" }),
  };
}
