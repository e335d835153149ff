// Charts of the pages: <div data-chart="/address/of.json" data-title="…" data-zone="Europe/Berlin">. The table beside
// it holds the same values; here they can be walked through by a slider, and enlarged by dragging. With data-follow the
// chart reads its values again when a live event has come.
import { isEmpty, read } from "./charting/data.js";
import { DASHES, draw, palette } from "./charting/plot.js";
import { clock, withUnit, words } from "./charting/words.js";
import { attach, make } from "./elements.js";
import { onThemeChange } from "./mapping/palette.js";

const FOLLOW_PAUSE = 2000;

function sample(colour, dash) {
  const canvas = make("canvas", { class: "chart__sample", width: 28, height: 12, "aria-hidden": "true" });
  const pen = canvas.getContext("2d");
  Object.assign(pen, { strokeStyle: colour, lineWidth: 3 });
  pen.setLineDash(dash);
  pen.beginPath();
  pen.moveTo(0, 6);
  pen.lineTo(28, 6);
  pen.stroke();
  return canvas;
}

class Chart {
  constructor(holder) {
    this.holder = holder;
    this.zone = holder.dataset.zone;
    this.say = clock(this.zone);
    this.hidden = new Set();
    this.box = make("div", { class: "chart__plot", role: "img", "aria-label": holder.dataset.title ?? "" });
    this.keys = make("ul", { class: "chart__keys", "aria-label": words.keys });
    this.slider = make("input", { type: "range", min: 0, step: 1, "aria-label": `${words.moment}: ${holder.dataset.title ?? ""}` });
    this.now = make("p", { class: "chart__now" }, words.hint);
    this.whole = make("button", { type: "button", class: "chart__whole", hidden: "" }, words.whole);
    this.bar = make("div", { class: "chart__bar" }, this.keys, make("div", { class: "chart__moment" }, this.slider, this.whole, this.now));
    this.notice = make("p", { class: "chart__say", role: "status" }, words.loading);
    holder.replaceChildren(this.notice);
    this.slider.addEventListener("input", () => this.goTo(Number(this.slider.value)));
    this.whole.addEventListener("click", () => this.plot?.setData(this.plot.data, true));
    this.stopTheme = onThemeChange(() => this.redraw());
    this.sizes = new ResizeObserver(() => this.plot?.setSize({ width: this.width(), height: this.plot.height }));
    if ("follow" in holder.dataset) document.addEventListener("regiohub:live", this.follow);
  }

  width() {
    return Math.max(200, Math.floor(this.box.clientWidth));
  }

  follow = () => {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.load(), FOLLOW_PAUSE);
  };

  async load() {
    try {
      this.data = await read(this.holder.dataset.chart);
    } catch {
      if (!this.plot) this.notice.textContent = words.noData;
      return;
    }
    if (isEmpty(this.data)) this.notice.textContent = words.empty;
    else this.redraw();
  }

  redraw() {
    if (!this.data || isEmpty(this.data)) return;
    const first = !this.plot;
    if (first) this.holder.replaceChildren(this.box, this.bar);
    this.plot?.destroy();
    this.colours = palette(this.holder);
    const height = Math.max(160, this.box.clientHeight);
    const { plot, table } = draw(this.box, this.data, {
      zone: this.zone, colours: this.colours, height,
      moved: (at) => this.tell(at), zoomed: (part) => (this.whole.hidden = !part),
    });
    Object.assign(this, { plot, table });
    const { times, labels } = this.data;
    const ends = labels ? [labels[0], labels.at(-1)] : [this.say.full(times[0]), this.say.full(times.at(-1))];
    this.box.setAttribute("aria-label", words.summary(this.holder.dataset.title ?? "", times.length, ...ends));
    this.slider.max = times.length - 1;
    if (labels && first) this.now.textContent = "";
    if (first) {
      this.slider.value = times.length - 1;
      this.sizes.observe(this.box);
    }
    this.slider.setAttribute("aria-valuetext", this.words(Number(this.slider.value)));
    this.drawKeys();
  }

  drawKeys() {
    this.keys.replaceChildren(...this.data.series.map(({ label }, number) => {
      const dash = this.data.series[number].kind === "bar" ? [] : DASHES[number % DASHES.length];
      const key = make("button", { type: "button", class: "chart__key", "aria-pressed": String(!this.hidden.has(number)) },
        sample(this.colours.lines[number % this.colours.lines.length], dash), label);
      key.addEventListener("click", () => this.toggle(number, key));
      this.show(number);
      return make("li", {}, key);
    }));
    if (this.data.quality?.some(Boolean)) this.keys.append(make("li", { class: "chart__key" }, this.doubtSample(), words.doubt));
  }

  doubtSample() {
    const canvas = make("canvas", { class: "chart__sample", width: 28, height: 12, "aria-hidden": "true" });
    const pen = canvas.getContext("2d");
    Object.assign(pen, { strokeStyle: this.colours.doubt, lineWidth: 2 });
    pen.arc(14, 6, 4, 0, 2 * Math.PI);
    pen.stroke();
    return canvas;
  }

  toggle(number, key) {
    if (!this.hidden.delete(number)) this.hidden.add(number);
    key.setAttribute("aria-pressed", String(!this.hidden.has(number)));
    this.show(number);
  }

  show(number) {
    this.table.forEach((column, place) => {
      if (column.number === number) this.plot.setSeries(place, { show: !this.hidden.has(number) });
    });
  }

  goTo(at) {
    this.plot.setCursor({ left: this.plot.valToPos(this.data.times[at], "x"), top: this.plot.over.clientHeight / 2 });
    this.tell(at);
  }

  words(at) {
    const { times, labels, series, quality } = this.data;
    if (times[at] === undefined) return "";
    const values = series.map(({ label, unit, values }) => `${label} ${withUnit(values[at], unit)}`);
    const doubt = quality?.[at] ? ` (${words.doubtful})` : "";
    return `${labels ? labels[at] : this.say.full(times[at])}: ${values.join(", ")}${doubt}`;
  }

  tell(at) {
    if (at === null || at === undefined) return;
    this.now.textContent = this.words(at);
    this.slider.value = at;
    this.slider.setAttribute("aria-valuetext", this.now.textContent);
  }

  remove() {
    clearTimeout(this.waiting);
    document.removeEventListener("regiohub:live", this.follow);
    this.sizes.disconnect();
    this.stopTheme();
    this.plot?.destroy();
  }
}

attach("[data-chart]", async (holder) => {
  const chart = new Chart(holder);
  await chart.load();
  return chart;
});
