/* What time it is for the rollouts, and words for times. */

let wallClock = true;
let offsetMs = 0;
let frontierMs = null;

/** Takes what a beat says of the time. */
export function setTime(beat) {
  if (beat.wall_clock !== undefined) {
    wallClock = beat.wall_clock;
  }
  offsetMs = beat.now_ms - Date.now();
  frontierMs = beat.frontier_ms;
}

/** Now, epoch milliseconds: the server's clock, or the newest tick where time is the data's own. */
export function boardNow() {
  return wallClock || frontierMs === null ? Date.now() + offsetMs : frontierMs;
}

/** Data this old are no live ones: their age is told from their own newest moment. */
const OLD_MS = 3600000;

/** How old something of a moment is, in words; of old data how far it is from their end. */
export function age(ms) {
  return frontierMs !== null && boardNow() - frontierMs > OLD_MS
    ? span(frontierMs - ms) + " before the newest data (" + moment(frontierMs) + ")"
    : span(boardNow() - ms) + " ago";
}

export function clock(ms) {
  return new Date(ms).toISOString().slice(11, 19);
}

export function moment(ms) {
  const text = new Date(ms).toISOString();
  return text.slice(0, 10) + " " + text.slice(11, 16);
}

/** A length of time in its two largest units. */
export function span(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const parts = [
    [Math.floor(seconds / 86400), "d"],
    [Math.floor(seconds / 3600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"]
  ];
  const first = parts.findIndex(([n]) => n > 0);
  return first < 0
    ? "0 s"
    : parts.slice(first, first + 2).filter(([n]) => n > 0).map(([n, unit]) => n + " " + unit).join(" ");
}
