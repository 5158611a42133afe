/* What a rollout did before, from the tables: read when one scrolls to it. */
import { el, labelled } from "./dom.js";
import { Section } from "./charts.js";
import { moment } from "./time.js";

const HOUR_MS = 3600000;
const LENGTHS = [["", "the whole attempt"], [168 * HOUR_MS, "a week"], [24 * HOUR_MS, "a day"], [6 * HOUR_MS, "6 hours"]];
const AGAIN_MS = 60000;

export class Past {
  /** @param ask fetches a path with the page's token */
  constructor(rollout, ask) {
    this.rollout = rollout;
    this.ask = ask;
    this.id = "past";
    this.title = "What came before?";
    this.sections = new Map();
    this.near = false;
    this.live = false;
    this.version = null;
    this.askedAt = 0;
    this.end = null;
    this.attempt = el("select", { id: "past-attempt", on: { change: () => this.choose(null) } });
    this.length = el("select", { id: "past-length", on: { change: () => this.choose(this.end) } },
      LENGTHS.map(([ms, text]) => el("option", { value: ms }, text)));
    this.earlier = el("button", { type: "button", on: { click: () => this.step(-1) } }, "← Earlier");
    this.later = el("button", { type: "button", on: { click: () => this.step(1) } }, "Later →");
    this.say = el("p", { class: "lead", role: "status" }, "Read from the tables when you scroll here.");
    this.body = el("div");
    this.element = el("section", { id: this.id, "aria-labelledby": "past-title" },
      el("h2", { id: "past-title" }, this.title), this.say,
      el("p", { class: "filter" },
        labelled("Attempt", this.attempt), labelled("Show", this.length), this.earlier, this.later),
      this.body);
    this.watch = new IntersectionObserver((seen) => {
      this.near = seen.some((one) => one.isIntersecting);
      this.readIfNear();
    }, { rootMargin: "200px" });
    this.watch.observe(this.element);
    this.arrange();
  }

  render(line, live) {
    this.live = live;
    this.line = line;
    this.readIfNear();
  }

  /** Asks at first sight, and again for what is new while the end is looked at. */
  readIfNear() {
    if (!this.near || !this.live || !this.line.attempt || this.reading) {
      return;
    }
    const stale = this.version !== this.line.version && this.end === null;
    if (this.askedAt === 0 || (stale && Date.now() - this.askedAt > AGAIN_MS)) {
      this.read();
    }
  }

  /** Shows another stretch; without an end the newest. */
  choose(end) {
    this.end = end;
    this.read();
  }

  step(direction) {
    const length = Number(this.length.value);
    const end = (this.end ?? this.last) + direction * length;
    this.choose(end >= this.last ? null : Math.max(end, this.first + length));
  }

  arrange() {
    const whole = this.length.value === "" || this.last === undefined;
    const length = Number(this.length.value);
    this.earlier.disabled = whole || (this.end ?? this.last) - length <= this.first;
    this.later.disabled = whole || this.end === null;
  }

  query() {
    const query = new URLSearchParams();
    if (this.attempt.value) {
      query.set("attempt", this.attempt.value);
    }
    const length = Number(this.length.value);
    if (length && this.last !== undefined) {
      const end = this.end ?? this.last + 1;
      query.set("from", end - length);
      query.set("to", end);
    }
    return query.toString();
  }

  async read() {
    this.askedAt = Date.now();
    this.version = this.line.version;
    this.reading = true;
    this.say.textContent = "Reading the tables…";
    try {
      const response = await this.ask("/live/rollouts/" + encodeURIComponent(this.rollout) + "/past?" + this.query());
      const reply = await response.json();
      const why = response.ok ? reply.unreadable : reply.error.message;
      if (why) {
        this.say.textContent = "Not shown: " + why + ". Above is what the topics still hold.";
      } else {
        this.show(reply);
      }
    } catch (problem) {
      this.say.textContent = "Not shown: the server did not answer. Above is what the topics still hold.";
    } finally {
      this.reading = false;
      this.arrange();
    }
  }

  show(reply) {
    const other = this.shownAttempt !== reply.attempt;
    this.shownAttempt = reply.attempt;
    this.first = reply.first_ms;
    this.last = reply.last_ms;
    if (other) {
      this.attempt.replaceChildren(...Array.from({ length: reply.attempts }, (_, i) =>
        el("option", { value: i + 1, selected: i + 1 === reply.attempt }, i + 1)));
    }
    this.say.textContent = this.last === undefined
      ? "The tables have no verdict of this attempt yet."
      : "Attempt " + reply.attempt + " as the tables have it, from " + moment(this.first) + " to "
        + moment(this.last) + " UTC; they follow the topics by some minutes.";
    for (const section of reply.sections) {
      if (!this.sections.has(section.id)) {
        const made = new Section(section.id, "h3");
        this.sections.set(section.id, made);
        this.body.append(made.element);
      }
      this.sections.get(section.id).show(section);
    }
  }

  close() {
    this.watch.disconnect();
    this.sections.forEach((section) => section.close());
  }
}
