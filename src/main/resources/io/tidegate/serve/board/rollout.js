/* One rollout: the report's sentences and charts, as it moves. */
import { address, el, outside } from "./dom.js";
import { ages, countdown, label, steps } from "./overview.js";
import { Decide } from "./decide.js";

const SCRIPTS = ["vega.min.js", "vega-lite.min.js", "vega-embed.min.js", "charts.js"];
const REFETCH_MS = 1000;

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
class Section {
  constructor(id) {
    this.heading = el("h2", { id: id + "-title" });
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
}

function points(id, title, list) {
  return list.length === 0 ? null : el("section", { "aria-labelledby": id }, el("h2", { id }, title),
    el("ul", {}, list.map((text) => el("li", { dir: "auto" }, text))));
}

export class Rollout {
  /** @param ask fetches a path with the page's token */
  constructor(id, keep, ask, rights) {
    this.id = id;
    this.ask = ask;
    this.sections = new Map();
    this.first = el("header", { class: "first" });
    this.nav = el("nav", { "aria-label": "Contents" });
    this.body = el("div");
    this.decide = new Decide(id, ask, rights);
    this.element = el("div", { class: "one" },
      el("p", { class: "eyebrow" }, el("a", { href: address("", keep), "data-inside": true }, "← All rollouts"), " · ",
        outside(id)),
      this.first, this.nav, this.decide.element, this.body);
    this.version = -1;
    this.fetching = false;
    this.fetchedAt = 0;
    this.failed = "";
  }

  render(line, live, complete) {
    if (!line) {
      if (complete) {
        this.first.replaceChildren(el("h1", { tabindex: "-1" }, "There is no rollout of this name."));
      }
      return;
    }
    const key = JSON.stringify([line, live, this.failed]);
    if (key !== this.key) {
      this.key = key;
      this.head(line, live && !this.failed);
    }
    this.decide.setRights();
    if (live && line.headline && line.version !== this.version) {
      this.refetch(line.version);
    }
  }

  /** Why this page is not live although the stream is; empty where it is. */
  problem() {
    return this.failed;
  }

  head(line, live) {
    const headline = line.headline;
    this.first.className = "first " + (headline ? headline.tone : "none");
    this.first.replaceChildren(
      el("div", { class: "first-line" }, label(line, live), countdown(line)),
      el("h1", { tabindex: "-1", dir: "auto" }, headline ? headline.sentence : line.answer.sentence),
      line.freshness.stale ? el("p", { class: "stale-why" }, "Not live: ", line.freshness.why) : "",
      headline && headline.certainty ? el("p", { class: "certainty" }, headline.certainty) : "",
      steps(line),
      headline ? el("div", { class: "answers" },
        points("next-steps", "What happens next", headline.next),
        points("unknown", "What is uncertain", headline.uncertain)) : "",
      el("p", { class: "meta" }, ages(line)));
  }

  /** Asks for the page behind a line: at once, but no more than once a second. */
  refetch(version) {
    if (this.fetching) {
      return;
    }
    this.fetching = true;
    const wait = Math.max(0, this.fetchedAt + REFETCH_MS - Date.now());
    setTimeout(async () => {
      this.fetchedAt = Date.now();
      try {
        const response = await this.ask("/live/rollouts/" + encodeURIComponent(this.id));
        if (!response.ok) {
          throw new Error("status " + response.status);
        }
        this.show(await response.json());
        this.failed = "";
      } catch (problem) {
        this.version = -1;
        this.failed = "what belongs to this rollout could not be fetched";
      } finally {
        this.fetching = false;
      }
    }, wait);
  }

  show(data) {
    this.version = data.version;
    this.decide.show(data.decide);
    if (!data.page) {
      return;
    }
    for (const section of data.page.sections) {
      if (!this.sections.has(section.id)) {
        const made = new Section(section.id);
        this.sections.set(section.id, made);
        this.body.append(made.element);
        this.nav.replaceChildren(el("ul", {}, [...data.page.sections].map((each) =>
          el("li", {}, el("a", { href: "#" + each.id }, each.title)))));
      }
      this.sections.get(section.id).show(section);
    }
    this.refused(data.refused);
    this.element.dataset.shown = data.version;
  }

  refused(list) {
    const more = this.sections.get("decisions").more;
    more.replaceChildren(...list.map((event) => el("li", { dir: "auto" },
      "Not followed: ", event.kind, " by ", event.actor || "someone", ", ", event.refused, ".")));
    more.hidden = list.length === 0;
  }

  close() {
    for (const section of this.sections.values()) {
      section.known.forEach((chart) => chart.close());
    }
  }
}
