/* Charts, tables and sections of a page, kept in place while they change. */
import { el } from "./dom.js";

const SCRIPTS = ["vega.min.js", "vega-lite.min.js", "vega-embed.min.js", "charts.js"];

const present = new Set();
let scripts = null;

/** Loads what draws charts, once, in order. */
function chartScripts() {
  scripts ??= SCRIPTS.reduce((before, name) => before.then(() => loaded(name)), Promise.resolve())
    .catch((problem) => {
      scripts = null;
      throw problem;
    });
  return scripts;
}

function loaded(name) {
  return present.has(name) ? null : new Promise((done, failed) => {
    const script = el("script", { src: "/board/charts/" + name });
    script.addEventListener("load", () => done(present.add(name)));
    script.addEventListener("error", () => {
      script.remove();
      failed(new Error(name));
    });
    document.head.append(script);
  });
}

/** A chart that is drawn when it comes near the screen, and again when it changes. */
class Chart {
  constructor() {
    this.title = el("figcaption", { dir: "auto" });
    this.place = el("div", { class: "chart", role: "img" });
    this.table = el("div");
    this.element = el("figure", {}, this.title, this.place,
      el("details", {}, el("summary", {}, "Table behind this chart"), this.table));
    this.near = false;
    this.drawing = Promise.resolve();
    this.watch = new IntersectionObserver((seen) => {
      this.near = seen.some((one) => one.isIntersecting);
      this.draw();
    }, { rootMargin: "400px" });
    this.watch.observe(this.element);
  }

  show(chart) {
    const key = JSON.stringify(chart);
    if (key === this.key) {
      return;
    }
    this.key = key;
    this.chart = chart;
    this.element.className = chart.wide ? "wide" : "";
    this.title.textContent = chart.title;
    this.place.setAttribute("aria-label", chart.summary);
    this.place.id = chart.id;
    this.table.replaceChildren(table(chart.table));
    this.draw();
  }

  draw() {
    if (!this.near || !this.chart || this.drawn === this.key) {
      return;
    }
    this.drawn = this.key;
    const spec = this.chart.spec;
    this.drawing = this.drawing.then(chartScripts).then(() => {
      if (this.view) {
        this.view.finalize();
      }
      this.place.style.minHeight = this.place.offsetHeight + "px";
      return window.tidegateDraw(this.place, JSON.parse(spec));
    }).then((view) => {
      this.view = view;
      this.place.style.minHeight = "";
    }).catch((problem) => {
      this.drawn = null;
      this.place.textContent = "This chart could not be drawn; the table below has its figures.";
      console.error(this.chart.id, problem);
    });
  }

  close() {
    this.watch.disconnect();
    if (this.view) {
      this.view.finalize();
    }
  }
}

function table(data) {
  return el("div", { class: "scroll", role: "region", "aria-label": data.caption, tabindex: "0" },
    el("table", {}, el("caption", { dir: "auto" }, data.caption),
      el("thead", {}, el("tr", {}, data.columns.map((column) =>
        el("th", { scope: "col", class: column.numeric ? "n" : null }, column.name)))),
      el("tbody", {}, data.rows.map((row) => el("tr", {}, row.map((cell, i) =>
        el("td", { class: data.columns[i].numeric ? "n" : null, dir: "auto" }, cell)))))));
}

/** One question and its answer; charts keep their place while they change. */
export class Section {
  constructor(id, heading = "h2") {
    this.heading = el(heading, { id: id + "-title" });
    this.lead = el("p", { class: "lead", dir: "auto" });
    this.charts = el("div", { class: "charts" });
    this.tables = el("div", { class: "tables" });
    this.notes = el("ul", { class: "notes" });
    this.more = el("ul", { class: "notes", hidden: true });
    this.known = new Map();
    this.element = el("section", { id, "aria-labelledby": id + "-title" },
      this.heading, this.lead, this.charts, this.tables, this.notes, this.more);
  }

  show(section) {
    const key = JSON.stringify(section);
    if (key === this.key) {
      return;
    }
    this.key = key;
    this.heading.textContent = section.title;
    this.lead.textContent = section.lead;
    const wanted = new Set(section.charts.map((chart) => chart.id));
    for (const [id, chart] of this.known) {
      if (!wanted.has(id)) {
        chart.close();
        chart.element.remove();
        this.known.delete(id);
      }
    }
    for (const chart of section.charts) {
      if (!this.known.has(chart.id)) {
        const made = new Chart();
        this.known.set(chart.id, made);
        this.charts.append(made.element);
      }
      this.known.get(chart.id).show(chart);
    }
    this.charts.hidden = section.charts.length === 0;
    this.tables.replaceChildren(...section.tables.map((data) => el("div", {}, table(data))));
    this.notes.replaceChildren(...section.notes.map((note) => el("li", { dir: "auto" }, note)));
    this.notes.hidden = section.notes.length === 0;
  }

  close() {
    this.known.forEach((chart) => chart.close());
  }
}
