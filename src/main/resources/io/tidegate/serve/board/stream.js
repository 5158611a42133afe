/* Follows the server's events and comes back by itself: after a broken connection, a restarted
   server, a broker that went away, a laptop that slept. */

const QUIET_BEATS = 4;
const BROKER_SILENT_MS = 10000;
const SLEEP_MS = 5000;
const RETRY_MS = [250, 500, 1000, 2000, 4000];

export class Stream {
  /**
   * @param headers called for the headers of each attempt
   * @param take called with an event's name and its JSON
   * @param locked called where the server wants a token
   */
  constructor(headers, take, locked) {
    this.headers = headers;
    this.take = take;
    this.locked = locked;
    this.beatMs = 2000;
    this.heardAt = 0;
    this.beat = null;
    this.failures = 0;
    this.attempt = null;
    this.retry = null;
    this.stopped = true;
    this.ranAt = Date.now();
    setInterval(() => this.check(), 1000);
    window.addEventListener("online", () => this.again());
    // A page kept for the way back would hold one of the browser's few connections to the server.
    window.addEventListener("pagehide", () => this.drop());
    window.addEventListener("pageshow", () => this.attempt ? this.check() : this.again());
    document.addEventListener("visibilitychange", () => this.check());
  }

  start() {
    this.stopped = false;
    this.again();
  }

  stop() {
    this.stopped = true;
    this.drop();
  }

  /** Lets go of the connection. */
  drop() {
    clearTimeout(this.retry);
    if (this.attempt) {
      this.attempt.abort();
    }
    this.attempt = null;
    this.beat = null;
  }

  /** Why what is shown may be old; empty where it is live. */
  problem() {
    if (!this.beat) {
      return this.heardAt ? "no connection to the server" : "connecting";
    }
    if (Date.now() - this.heardAt > QUIET_BEATS * this.beatMs) {
      return "the server is silent";
    }
    if (!this.beat.ready) {
      return "the server is still reading";
    }
    return this.beat.broker_silent_ms > BROKER_SILENT_MS ? "the server does not hear the broker" : "";
  }

  /** When everything was last known to be live, epoch milliseconds; 0 before. */
  liveAt() {
    return this.lastLive || 0;
  }

  /** Whether this page did not run for a while: what the connection still holds is old. */
  slept() {
    const gap = Date.now() - this.ranAt;
    this.ranAt = Date.now();
    return gap > SLEEP_MS;
  }

  check() {
    const silent = this.beat && Date.now() - this.heardAt > QUIET_BEATS * this.beatMs;
    if (this.slept() || silent) {
      this.again();
    }
  }

  /** Drops the connection and makes a new one at once. */
  again() {
    if (this.stopped) {
      return;
    }
    this.drop();
    const attempt = new AbortController();
    this.attempt = attempt;
    this.read(attempt).catch(() => {}).finally(() => {
      if (this.attempt === attempt && !this.stopped) {
        this.beat = null;
        const wait = RETRY_MS[Math.min(this.failures++, RETRY_MS.length - 1)];
        this.retry = setTimeout(() => this.again(), wait);
      }
    });
  }

  async read(attempt) {
    const response = await fetch("/live/stream", {
      headers: this.headers(), signal: attempt.signal, cache: "no-store"
    });
    if (response.status === 401 || response.status === 403) {
      this.stop();
      this.locked();
      return;
    }
    if (!response.ok) {
      return;
    }
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done || this.attempt !== attempt) {
        return;
      }
      if (this.slept()) {
        this.again();
        return;
      }
      this.heardAt = Date.now();
      const messages = (rest + value).split("\n\n");
      rest = messages.pop();
      messages.forEach((message) => this.message(message));
    }
  }

  message(text) {
    let name = "message";
    const data = [];
    for (const line of text.split("\n")) {
      if (line.startsWith("event:")) {
        name = line.slice(6).trim();
      } else if (line.startsWith("data:")) {
        data.push(line.slice(5));
      }
    }
    if (data.length === 0) {
      return;
    }
    const json = JSON.parse(data.join("\n"));
    if (name === "hello" || name === "beat") {
      this.beat = json;
      this.beatMs = json.beat_ms || this.beatMs;
      this.failures = 0;
    }
    this.take(name, json);
    if (this.problem() === "") {
      this.lastLive = Date.now();
    }
  }
}
