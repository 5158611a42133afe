/* One rollout: the report's sentences and charts, as it moves. */
import { address, el, outside } from "./dom.js";
import { Section } from "./charts.js";
import { Decide } from "./decide.js";
import { ages, countdown, incidents, label, steps } from "./overview.js";
import { Past } from "./past.js";

const REFETCH_MS = 1000;

function points(id, title, list) {
  return list.length === 0 ? null : el("section", { "aria-labelledby": id }, el("h2", { id }, title),
    el("ul", {}, list.map((text) => el("li", { dir: "auto" }, text))));
}

/** Whether the data are sound, a word or two for each check. */
function strip(checks) {
  return checks.map((check) => el("li", { class: check.ok ? "ok" : "odd" },
    el("b", {}, check.ok ? "✓ " : "! ", check.name), " ", el("span", { dir: "auto" }, check.says)));
}

export class Rollout {
  /** @param ask fetches a path with the page's token */
  constructor(id, keep, ask, rights) {
    this.id = id;
    this.ask = ask;
    this.sections = new Map();
    this.first = el("header", { class: "first" });
    this.nav = el("nav", { "aria-label": "Contents" });
    this.strip = el("ul", { class: "strip", "aria-label": "Is the data sound?", hidden: true });
    this.body = el("div");
    this.past = new Past(id, ask);
    this.decide = new Decide(id, ask, rights);
    this.element = el("div", { class: "one" },
      el("p", { class: "eyebrow" }, el("a", { href: address("", keep), "data-inside": true }, "← All rollouts"), " · ",
        outside(id)),
      this.first, this.strip, this.nav, this.decide.element, this.body, this.past.element);
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
    this.past.render(line, live);
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
      incidents(line) || "",
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
    this.strip.replaceChildren(...strip(data.page.checks));
    this.strip.hidden = data.page.checks.length === 0;
    for (const section of data.page.sections) {
      if (!this.sections.has(section.id)) {
        const made = new Section(section.id);
        this.sections.set(section.id, made);
        this.body.append(made.element);
        this.nav.replaceChildren(el("ul", {}, [...data.page.sections, this.past].map((each) =>
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
    this.sections.forEach((section) => section.close());
    this.past.close();
  }
}
