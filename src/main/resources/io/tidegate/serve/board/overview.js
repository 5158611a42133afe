/* Every rollout, who must act first on top. */
import { address, el, labelled, outside } from "./dom.js";
import { age, boardNow, moment, span } from "./time.js";

const SHOWS = [["", "All"], ["act", "Someone must act"], ["running", "Running"], ["ended", "Ended"]];

/** Whether a person is asked to do something now. */
export function mustAct(line) {
  return line.phase === "running" && line.judged
    && (line.verdict === "ROLLBACK" || line.verdict === "REVIEW" || line.verdict === "ADVANCE");
}

/** Small comes first: harm, questions, what may go on, what waits, what has not begun, what is over. */
function rank(line) {
  if (line.phase === "running") {
    const order = ["ROLLBACK", "REVIEW", "ADVANCE", "HOLD"];
    return line.judged ? order.indexOf(line.verdict) : 3;
  }
  return ["defined", "undefined"].includes(line.phase) ? 4 : 5;
}

export function inOrder(lines) {
  return [...lines].sort((a, b) =>
    rank(a) - rank(b)
    || (rank(a) === 5 ? (b.boundary_ms || 0) - (a.boundary_ms || 0)
      : (a.respond_by_ms ?? Infinity) - (b.respond_by_ms ?? Infinity) || 0)
    || (a.rollout_id < b.rollout_id ? -1 : 1));
}

function matches(line, filter) {
  const text = [line.rollout_id, line.owner, line.contact, line.stage, line.verdict, line.hypothesis]
    .join(" ").toLowerCase();
  const words = filter.q.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.every((word) => text.includes(word)) || (filter.owner && line.owner !== filter.owner)) {
    return false;
  }
  switch (filter.show) {
    case "act": return mustAct(line);
    case "running": return line.phase === "running";
    case "ended": return line.phase === "rolled_back" || line.phase === "completed";
    default: return true;
  }
}

/** The verdict as a label that says in words when it is not live. */
export function label(line, live) {
  const headline = line.headline;
  const stale = line.freshness.stale && line.phase === "running";
  const text = headline ? headline.label : line.version < 0 ? "Cannot be shown" : "Not defined";
  return el("span", { class: "label", "data-verdict": line.judged ? line.verdict || "" : "" },
    text, line.paused ? " (paused)" : "",
    live && !stale ? "" : el("span", { class: "old" }, " · not live"));
}

export function countdown(line) {
  if (!line.respond_by_ms || line.phase !== "running") {
    return null;
  }
  return el("time", { class: "due", "data-due": line.respond_by_ms, datetime: new Date(line.respond_by_ms).toISOString() },
    due(line.respond_by_ms));
}

function due(ms) {
  const left = ms - boardNow();
  return left >= 0 ? "answer within " + span(left) : "answer overdue by " + span(-left);
}

/** Brings every countdown and age up to now. */
export function tick(root) {
  for (const time of root.querySelectorAll("[data-due]")) {
    const ms = Number(time.dataset.due);
    time.textContent = due(ms);
    time.classList.toggle("overdue", ms < boardNow());
  }
  for (const time of root.querySelectorAll("[data-since]")) {
    time.textContent = age(Number(time.dataset.since));
  }
}

/** The stages as steps, the one in force marked; none is once the rollout has ended. */
export function steps(line) {
  return el("ol", { class: "steps", "aria-label": "Stages" }, line.stages.map((stage, i) => {
    const was = i === line.stage_index && line.phase !== "running";
    const now = i === line.stage_index && !was;
    const back = was && line.phase === "rolled_back";
    const skipped = i < line.stage_index && !stage.entered;
    return el("li", {
      class: now ? "now" : i > line.stage_index || back || skipped ? "ahead" : "done",
      "aria-current": now ? "step" : null
    }, outside(stage.name), " ", stage.percent + " %",
    back ? " (taken back)" : skipped ? " (skipped)" : null);
  }));
}

export function ages(line) {
  return line.boundary_ms
    ? el("span", {}, "Data up to ", moment(line.boundary_ms), ", ",
      el("time", { "data-since": line.boundary_ms }, age(line.boundary_ms)))
    : null;
}

/** What else is going wrong now. */
export function incidents(line) {
  return line.incidents.length === 0 ? null
    : el("p", { class: "incident", dir: "auto" },
      line.incidents.length === 1 ? "Open incident: " : line.incidents.length + " open incidents, such as: ",
      line.incidents[0]);
}

function card(line, live, keep) {
  const sentence = line.headline ? line.headline.sentence : line.answer.sentence;
  return el("article", { class: "card " + (line.headline ? line.headline.tone : "none"), "data-id": line.rollout_id },
    el("div", { class: "first-line" }, label(line, live), countdown(line)),
    el("h2", {}, el("a", { href: address(line.rollout_id, keep), "data-inside": true }, outside(line.rollout_id))),
    el("p", { class: "sentence", dir: "auto" }, sentence),
    line.freshness.stale ? el("p", { class: "stale-why" }, "Not live: ", line.freshness.why) : null,
    incidents(line),
    line.missing.length && line.phase === "running"
      ? el("ul", { class: "missing", "aria-label": "Still missing" },
        line.missing.map((text) => el("li", { dir: "auto" }, text)))
      : null,
    steps(line),
    el("p", { class: "meta" },
      outside(line.owner || "no owner"), line.contact ? [" (", outside(line.contact), ")"] : null,
      line.boundary_ms ? " · " : null, ages(line)));
}

export class Overview {
  /** @param changed called with the filter when a person changes it */
  constructor(filter, changed) {
    this.filter = filter;
    this.changed = changed;
    this.cards = new Map();
    this.list = el("div", { class: "cards" });
    this.count = el("p", { class: "lead", id: "count", role: "status" });
    this.search = el("input", {
      type: "search", id: "q", value: filter.q, maxlength: 200, autocomplete: "off",
      on: { input: () => this.set({ q: this.search.value }) }
    });
    this.owner = el("select", { id: "owner", on: { change: () => this.set({ owner: this.owner.value }) } });
    this.owners = "";
    this.show = el("select", { id: "show", on: { change: () => this.set({ show: this.show.value }) } },
      SHOWS.map(([value, text]) => el("option", { value, selected: value === filter.show }, text)));
    this.element = el("section", { "aria-labelledby": "title" },
      el("h1", { id: "title", tabindex: "-1" }, "Rollouts"),
      this.count,
      el("form", { class: "filter", role: "search", on: { submit: (e) => e.preventDefault() } },
        labelled("Search", this.search), labelled("Show", this.show), labelled("Owner", this.owner)),
      this.list);
  }

  set(part) {
    Object.assign(this.filter, part);
    this.changed(this.filter);
  }

  render(lines, live, complete) {
    const all = [...lines.values()];
    this.setOwners(all);
    const shown = inOrder(all.filter((line) => matches(line, this.filter)));
    const keep = { q: this.filter.q, show: this.filter.show, owner: this.filter.owner };
    const wanted = new Set();
    let before = null;
    for (const line of shown) {
      const key = JSON.stringify([line.version, live, line.freshness.stale, line.freshness.why, keep]);
      let known = this.cards.get(line.rollout_id);
      if (!known || known.key !== key) {
        const made = card(line, live, keep);
        if (known) {
          const focused = known.element.contains(document.activeElement);
          known.element.replaceWith(made);
          if (focused) {
            made.querySelector("a").focus({ preventScroll: true });
          }
        }
        known = { key, element: made };
        this.cards.set(line.rollout_id, known);
      }
      const place = before ? before.nextSibling : this.list.firstChild;
      if (known.element !== place) {
        this.list.insertBefore(known.element, place);
      }
      before = known.element;
      wanted.add(line.rollout_id);
    }
    for (const [id, known] of this.cards) {
      if (!wanted.has(id)) {
        known.element.remove();
        this.cards.delete(id);
      }
    }
    const act = all.filter(mustAct).length;
    const running = all.filter((line) => line.phase === "running").length;
    const text = !complete ? "Reading…"
      : all.length === 0 ? "No rollout is defined yet: tidegate rollout define SPEC defines one."
      : (act === 0 ? "Nobody must act now" : act === 1 ? "Someone must act on 1 rollout" : "Someone must act on " + act + " rollouts")
        + "; " + running + " running, " + all.length + " in all"
        + (shown.length < all.length ? ", " + shown.length + " shown" : "") + ".";
    if (this.count.textContent !== text) {
      this.count.textContent = text;
    }
  }

  setOwners(all) {
    const owners = [...new Set(all.map((line) => line.owner).filter(Boolean))].sort();
    if (this.filter.owner && !owners.includes(this.filter.owner)) {
      owners.push(this.filter.owner);
    }
    const key = JSON.stringify(owners);
    if (key !== this.owners) {
      this.owners = key;
      this.owner.replaceChildren(el("option", { value: "" }, "Everyone"),
        ...owners.map((owner) => el("option", { value: owner, selected: owner === this.filter.owner }, owner.slice(0, 80))));
    }
  }
}
