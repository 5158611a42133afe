/* The form by which a person approves, overrides or notes. */
import { el } from "./dom.js";

const ACTIONS = [
  ["approve", "Approve: what was found shall no longer stop this stage"],
  ["override", "Override: set this stage's verdict"],
  ["note", "Note: change nothing, put it on record"]
];
const VERDICTS = ["HOLD", "ADVANCE", "REVIEW", "ROLLBACK"];
const NAME = "tidegate.actor";

export class Decide {
  constructor(id, ask, rights) {
    this.id = id;
    this.ask = ask;
    this.rights = rights;
    this.sent = "";
    this.codes = el("fieldset", { class: "codes" });
    this.verdict = el("select", { id: "verdict" }, VERDICTS.map((v) => el("option", { value: v }, v)));
    this.verdictRow = el("p", {}, el("label", { for: "verdict" }, "Verdict"), " ", this.verdict);
    this.actor = el("input", { id: "actor", required: true, maxlength: 100, autocomplete: "name", value: remembered() });
    this.actorRow = el("p", {}, el("label", { for: "actor" }, "Your name"), this.actor);
    this.why = el("textarea", { id: "why", required: true, rows: 3, maxlength: 4000, dir: "auto" });
    this.say = el("p", { role: "status", class: "said" });
    this.button = el("button", { type: "submit" }, "Put on record");
    this.form = el("form", { on: { submit: (event) => this.send(event), change: () => this.arrange() } },
      el("fieldset", {}, el("legend", {}, "What"), ACTIONS.map(([value, text], i) => el("label", { class: "choice" },
        el("input", { type: "radio", name: "action", value, checked: i === 2 }), " ", text))),
      this.codes, this.verdictRow,
      el("p", {}, el("label", { for: "why" }, "Why"), this.why),
      this.actorRow,
      el("p", {}, this.button), this.say);
    this.none = el("p", { class: "lead" }, "You may read here, not decide: that is a right of its own.");
    this.element = el("details", { class: "decide" }, el("summary", {}, "Approve, override or note"), this.none, this.form);
    this.shown = "";
    this.arrange();
    this.setRights();
  }

  setRights() {
    this.none.hidden = this.rights().may_decide;
    this.form.hidden = !this.rights().may_decide;
    const person = this.rights().person;
    this.actorRow.hidden = Boolean(person);
    if (person) {
      this.actor.value = person;
    }
  }

  /** Takes what may be decided on now; what a person has ticked stays ticked. */
  show(decide) {
    const key = JSON.stringify(decide);
    if (key === this.shown) {
      return;
    }
    this.shown = key;
    const signOffs = this.ticked("sign_off").filter((name) => decide.sign_offs.includes(name));
    const signedOff = signOffs.length > 0;
    const ticked = new Set(this.ticked("codes").concat(signOffs));
    const box = (name, value, text) => el("label", { class: "choice" },
      el("input", { type: name === "sign_off" ? "radio" : "checkbox", name, value, checked: ticked.has(value) || (value === "" && !signedOff) }), " ", el("bdi", { dir: "auto" }, text));
    this.codes.replaceChildren(el("legend", {}, "Approve what"),
      ...decide.codes.map((each) => box("codes", each.code, each.code + ": " + each.sentence)),
      ...(decide.sign_offs.length ? ["", ...decide.sign_offs] : []).map((name) =>
        box("sign_off", name, name ? "sign-off " + name : "no sign-off")));
    this.arrange();
  }

  ticked(name) {
    return [...this.form.querySelectorAll("input[name=" + name + "]:checked")].map((each) => each.value);
  }

  untick() {
    for (const box of this.codes.querySelectorAll("input")) {
      box.checked = box.name === "sign_off" && box.value === "";
    }
  }

  action() {
    return this.form.querySelector("input[name=action]:checked").value;
  }

  arrange() {
    this.codes.hidden = this.action() !== "approve";
    this.verdictRow.hidden = this.action() !== "override";
  }

  event() {
    const event = {
      kind: this.action() === "note" ? "NOTE" : "DECISION",
      actor: this.actor.value.trim(),
      note: this.why.value.trim()
    };
    if (this.action() === "approve") {
      event.decision = { action: "approve" };
      const codes = this.ticked("codes");
      const signOffs = this.ticked("sign_off");
      if (codes.length) {
        event.decision.codes = codes;
      }
      if (signOffs[0]) {
        event.decision.sign_off = signOffs[0];
      }
    } else if (this.action() === "override") {
      event.decision = { action: "override", verdict: this.verdict.value };
    }
    return event;
  }

  /** The event with an id that stays the same only while nothing else differs. */
  identified(event) {
    const content = JSON.stringify(event);
    if (content !== this.sent) {
      this.sent = content;
      this.eventId = crypto.randomUUID();
    }
    return { ...event, event_id: this.eventId };
  }

  async send(submit) {
    submit.preventDefault();
    const event = this.event();
    if (!event.note || !event.actor) {
      this.say.textContent = "Say who you are and why.";
      return;
    }
    this.button.disabled = true;
    this.say.textContent = "Writing…";
    try {
      const response = await this.ask("/api/rollouts/" + encodeURIComponent(this.id) + "/events", {
        method: "POST", headers: { "Content-Type": "application/json", "X-Tidegate-Board": "1" }, body: JSON.stringify(this.identified(event))
      });
      const reply = await response.json();
      if (response.ok) {
        remember(event.actor);
        this.sent = "";
        this.why.value = "";
        this.untick();
        this.say.textContent = "On record.";
      } else {
        const problems = (reply.error.problems || []).map((p) => p.path + ": expected " + p.expected);
        this.say.textContent = [reply.error.message, ...problems.slice(1)].join("; ");
      }
    } catch (problem) {
      this.say.textContent = "Not confirmed: the server did not answer. Sending again counts once.";
    } finally {
      this.button.disabled = false;
    }
  }
}

function remembered() {
  try {
    return localStorage.getItem(NAME) || "";
  } catch (blocked) {
    return "";
  }
}

function remember(actor) {
  try {
    localStorage.setItem(NAME, actor);
  } catch (blocked) {
    // A browser that keeps nothing asks for the name again.
  }
}
