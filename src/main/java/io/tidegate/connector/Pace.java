package io.tidegate.connector;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps the readers of one process together in event time while they catch up: who is ahead of
 * another that has records to give rests a moment. Else the topic with fewer records is read hours
 * ahead, and what it says waits in state for the other. It decides the order of arrival only. A
 * reader never rests longer than a second at a time, so that no partition is taken for idle for it,
 * nor where it has come near the present; and nobody waits for one that has no backlog. (Flink's
 * own alignment can stop for ever beside idleness, FLINK-40093.)
 */
final class Pace {

  /** How far a reader may be ahead, if that is more than its last looks span. */
  private static final long LEAD_MS = 2_000;

  private static final int LOOKS = 8;

  /** How long after its last record a reader with a backlog is waited for. */
  private static final long DRY_NS = 1_000_000_000L;

  /** Records that a reader with a backlog gives without a break. */
  private static final int BACKLOG = 1_000;

  /** Who is as near to the present does not rest. */
  private static final long PRESENT_MS = 60_000;

  private static final long LONGEST_REST_NS = 1_000_000_000L;
  private static final Map<String, List<Runner>> GROUPS = new HashMap<>();

  private Pace() {}

  /** A new reader of a group. */
  static Runner join(String group) {
    return join(group, System.nanoTime());
  }

  static Runner join(String group, long nowNs) {
    synchronized (GROUPS) {
      List<Runner> others = new ArrayList<>(GROUPS.getOrDefault(group, List.of()));
      Runner runner = new Runner(group, nowNs);
      others.add(runner);
      GROUPS.put(group, others);
      others.forEach(r -> r.group = List.copyOf(others));
      return runner;
    }
  }

  private static void leave(Runner runner) {
    synchronized (GROUPS) {
      List<Runner> others = new ArrayList<>(GROUPS.getOrDefault(runner.name, List.of()));
      others.remove(runner);
      if (others.isEmpty()) {
        GROUPS.remove(runner.name);
      } else {
        GROUPS.put(runner.name, others);
      }
      others.forEach(r -> r.group = List.copyOf(others));
    }
  }

  /** A reader and where it is. */
  static final class Runner {
    private final String name;
    private volatile List<Runner> group = List.of();

    /** Event time of the record that it gave last. */
    private long newestMs = Long.MIN_VALUE;

    /** What the others know of it. */
    private volatile long shownMs = Long.MIN_VALUE;

    /** Whether it had no record to give when it was asked last, and since when. */
    private volatile boolean dry = true;

    private volatile long dryAtNs;

    /** Whether it had a backlog before it was dry; a new reader may have one. */
    private volatile boolean backlog = true;

    private int given;
    private boolean resting;
    private long restingSinceNs;

    /** Where it was at its last looks; of a sparse topic they are far apart. */
    private final long[] looks = new long[LOOKS];

    private long looked;

    private Runner(String name, long nowNs) {
      this.name = name;
      this.dryAtNs = nowNs;
    }

    /** It gives a record of an event time. */
    void at(long timeMs) {
      if (timeMs != Long.MIN_VALUE) {
        newestMs = timeMs;
      }
      given++;
      if (dry) {
        dry = false;
      }
    }

    /** It has no more records for now. */
    void dry(long nowNs) {
      if (!dry) {
        shownMs = newestMs;
        dryAtNs = nowNs;
        backlog = given >= BACKLOG;
        given = 0;
        dry = true;
      }
    }

    /** Shows the others where it is and says whether it is ahead of them. */
    boolean mustRest(long nowNs, long presentMs) {
      shownMs = newestMs;
      long waitForMs = newestMs - lead();
      boolean ahead = false;
      for (Runner other : group) {
        ahead |= other != this && other.shownMs < waitForMs && other.isAwaited(nowNs);
      }
      if (!ahead || newestMs > presentMs - PRESENT_MS) {
        resting = false;
        return false;
      }
      if (!resting) {
        resting = true;
        restingSinceNs = nowNs;
      }
      if (nowNs - restingSinceNs > LONGEST_REST_NS) {
        restingSinceNs = nowNs;
        return false;
      }
      return true;
    }

    private long lead() {
      int newest = (int) ((looked + LOOKS - 1) % LOOKS);
      if (looked == 0 || looks[newest] != newestMs) {
        looks[(int) (looked++ % LOOKS)] = newestMs;
      }
      return looked < LOOKS ? LEAD_MS : Math.max(LEAD_MS, newestMs - looks[(int) (looked % LOOKS)]);
    }

    private boolean isAwaited(long nowNs) {
      return !dry || (backlog && nowNs - dryAtNs < DRY_NS);
    }

    void leave() {
      Pace.leave(this);
    }
  }
}
