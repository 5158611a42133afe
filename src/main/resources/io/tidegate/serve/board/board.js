/* The live board: what the address asks for, from what the stream says. */
import { address, el } from "./dom.js";
import { Overview, tick } from "./overview.js";
import { Rollout } from "./rollout.js";
import { Stream } from "./stream.js";
import { clock, setTime } from "./time.js";

const TOKEN = "tidegate.token";
const main = document.getElementById("main");
const live = document.getElementById("live");
const banner = document.getElementById("banner");

const lines = new Map();
let complete = false;
let rights = { may_decide: false, person: "" };
let view = null;
let viewOf = null;
let token = sessionStorage.getItem(TOKEN) || "";
let scheduled = false;
let shown = false;
let asking = false;

function headers() {
  return token ? { Authorization: "Bearer " + token } : {};
}

function ask(path, options = {}) {
  return fetch(path, { ...options, cache: "no-store", headers: { ...options.headers, ...headers() } });
}

const stream = new Stream(headers, take, locked);

function take(name, data) {
  if (name === "hello") {
    complete = false;
    rights = data;
    setTime(data);
  } else if (name === "beat") {
    setTime(data);
  } else {
    if (name === "snapshot") {
      lines.clear();
      complete = true;
    }
    data.forEach((line) => lines.set(line.rollout_id, line));
  }
  schedule();
}

function schedule() {
  if (!scheduled) {
    scheduled = true;
    // A page in the background gets no animation frames.
    setTimeout(() => {
      scheduled = false;
      render();
    }, 0);
  }
}

/** Live only while all that was heard since the connection began includes every line. */
function problem() {
  return stream.problem() || (complete ? "" : "reading");
}

function render() {
  if (asking) {
    return;
  }
  const heard = problem();
  const why = heard || (view && view.problem ? view.problem() : "");
  freshness(why);
  if (view) {
    view.render(viewOf === null ? lines : lines.get(viewOf), heard === "", complete);
    if (viewOf !== null) {
      const line = lines.get(viewOf);
      document.title = (why ? "(not live) " : "") + (line && line.headline ? line.headline.label + ": " : "") + viewOf.slice(0, 80);
    } else {
      document.title = (why ? "(not live) " : "") + "Rollouts · Tidegate";
    }
    tick(main);
    if (!why && !shown) {
      shown = true;
      performance.mark("board-shown");
    }
  }
}

function freshness(why) {
  document.documentElement.dataset.live = why ? "no" : "yes";
  const text = why ? "Not live" : "Live";
  if (live.textContent !== text) {
    live.textContent = text;
  }
  live.className = "live " + (why ? "no" : "yes");
  const said = !why || !stream.liveAt() ? ""
    : "Not live: " + why + ". What is shown is what was known at " + clock(stream.liveAt()) + " UTC; it comes back by itself.";
  if (banner.textContent !== said) {
    banner.textContent = said;
  }
}

/** Shows what the address asks for, once the server takes the token. */
function route() {
  if (asking) {
    return;
  }
  const query = new URLSearchParams(location.search);
  const filter = { q: query.get("q") || "", show: query.get("show") || "", owner: query.get("owner") || "" };
  if (view && view.close) {
    view.close();
  }
  viewOf = query.get("rollout");
  view = viewOf === null
    ? new Overview(filter, (changed) => {
      history.replaceState(null, "", address("", changed));
      render();
    })
    : new Rollout(viewOf, filter, ask, () => rights);
  main.replaceChildren(view.element);
  render();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-inside]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
    event.preventDefault();
    history.pushState(null, "", link.href);
    route();
    window.scrollTo(0, 0);
    main.focus();
  }
});
let path = location.pathname + location.search;
window.addEventListener("popstate", () => {
  if (path !== location.pathname + location.search || !location.hash) {
    route();
  }
  path = location.pathname + location.search;
});

/** Asks for the token that the server wants. */
function locked() {
  if (view && view.close) {
    view.close();
  }
  view = null;
  asking = true;
  const input = el("input", { type: "password", id: "token", required: true, autocomplete: "off" });
  main.replaceChildren(el("form", {
    class: "locked",
    on: {
      submit: (event) => {
        event.preventDefault();
        token = input.value.trim();
        sessionStorage.setItem(TOKEN, token);
        asking = false;
        route();
        stream.start();
      }
    }
  },
  el("h1", {}, "A token, please"),
  el("p", { class: "lead" }, token ? "That token is not known here." : "This board shows rollouts to who has a token. It is kept until the tab is closed."),
  el("p", {}, el("label", { for: "token" }, "Token"), " ", input, " ", el("button", { type: "submit" }, "Show"))));
  live.textContent = "Locked";
  input.focus();
}

setInterval(render, 1000);
route();
stream.start();
