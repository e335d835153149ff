// Live events: <div data-live="/address/of/events" data-most="50">. Each event is a piece of HTML from our own server
// and is put first into the element, or into the element that data-into names; the oldest beyond data-most leave. A line
// above says whether the connection stands. Other parts of the page hear "regiohub:live" on the document.
import { attach, make } from "./elements.js";

const GERMAN = {
  open: "Live: verbunden, neue Einträge erscheinen von selbst.",
  lost: "Die Live-Verbindung ist unterbrochen und wird neu aufgebaut …",
  ended: "Die Live-Verbindung ist beendet. Bitte laden Sie die Seite neu.",
  connecting: "Live-Verbindung wird aufgebaut …",
};
const ENGLISH = {
  open: "Live: connected, new entries appear by themselves.",
  lost: "The live connection is interrupted and is being set up again …",
  ended: "The live connection has ended. Please reload the page.",
  connecting: "Setting up the live connection …",
};
const words = document.documentElement.lang.startsWith("en") ? ENGLISH : GERMAN;
const PAUSES = [1000, 3000, 10000, 30000];

class Live {
  constructor(holder) {
    this.holder = holder;
    this.list = document.getElementById(holder.dataset.into ?? "") ?? holder;
    this.most = Number(holder.dataset.most ?? 50);
    this.state = make("p", { class: "live__state", role: "status", "data-state": "connecting" }, words.connecting);
    holder.before(this.state);
    this.failures = 0;
    this.open();
  }

  open() {
    this.source = new EventSource(this.holder.dataset.live);
    this.source.addEventListener("open", () => {
      this.failures = 0;
      this.say("open");
    });
    this.source.addEventListener("message", ({ data }) => this.take(data));
    this.source.addEventListener("error", () => this.fail());
  }

  take(html) {
    const piece = document.createElement("template");
    piece.innerHTML = html;
    // The same entry again (a reconnection) replaces the one that stands there.
    for (const entry of piece.content.querySelectorAll(":scope > [id]")) document.getElementById(entry.id)?.remove();
    for (const entry of piece.content.children) entry.classList.add("is-new");
    const before = this.list.firstChild;
    this.list.insertBefore(piece.content, before);
    while (this.list.children.length > this.most) this.list.lastElementChild.remove();
    for (const hint of document.querySelectorAll(`[data-until-live="${this.list.id}"]`)) hint.remove();
    document.dispatchEvent(new CustomEvent("regiohub:live", { detail: { holder: this.holder } }));
  }

  fail() {
    // The browser connects again by itself after a break; not after an answer that is no stream.
    if (this.source.readyState !== EventSource.CLOSED) return this.say("lost");
    const pause = PAUSES[this.failures++];
    if (pause === undefined) return this.say("ended");
    this.say("lost");
    this.waiting = setTimeout(() => this.open(), pause);
  }

  say(state) {
    if (this.state.dataset.state === state) return;
    this.state.dataset.state = state;
    this.state.textContent = words[state];
  }

  remove() {
    clearTimeout(this.waiting);
    this.source.close();
    this.state.remove();
  }
}

attach("[data-live]", (holder) => new Live(holder));
