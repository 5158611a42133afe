package io.tidegate.cli.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Progress as text: a table that is drawn anew on a terminal, a line for each change elsewhere. */
public final class Board implements Progress {

  private static final int REASON_CHARS = 70;

  private final PrintWriter out;
  private final boolean terminal;
  private final LongSupplier clockMs;
  private final long startMs;
  private List<StageLine> shown = List.of();
  private int drawn;

  /**
   * @param terminal whether lines can be drawn over
   * @param clockMs the time, epoch milliseconds
   */
  public Board(PrintWriter out, boolean terminal, LongSupplier clockMs) {
    this.out = out;
    this.terminal = terminal;
    this.clockMs = clockMs;
    this.startMs = clockMs.getAsLong();
  }

  @Override
  public void step(String name, String what) {
    clear();
    drawn = 0;
    if (terminal) {
      out.print("\r\u001b[K");
    }
    out.println(elapsed() + "  " + name + ": " + what);
    out.flush();
  }

  @Override
  public void at(String detail) {
    if (terminal) {
      clear();
      drawn = 0;
      out.print("\r\u001b[K       " + detail);
      out.flush();
    }
  }

  @Override
  public void stages(List<StageLine> lines) {
    if (terminal) {
      out.println();
      List<String> rows = table(lines);
      rows.forEach(row -> out.println("\u001b[K" + row));
      drawn = rows.size() + 1;
    } else {
      for (int i = 0; i < lines.size(); i++) {
        if (lines.get(i).verdict() != null
            && (shown.isEmpty() || changed(shown.get(i), lines.get(i)))) {
          out.println(elapsed() + "  " + row(lines.get(i)).strip());
        }
      }
      shown = lines;
    }
    out.flush();
  }

  /** The table of stages. */
  public static List<String> table(List<StageLine> lines) {
    List<String> rows = new ArrayList<>();
    rows.add(
        String.format(
            Locale.ROOT,
            "  %-8s %5s  %-16s  %-6s  %-8s  %8s  %s",
            "stage",
            "share",
            "entered",
            "after",
            "verdict",
            "units",
            "why"));
    lines.forEach(line -> rows.add(row(line)));
    return rows;
  }

  private static String row(StageLine line) {
    Long entered = line.enteredMs();
    Long boundary = line.boundaryMs();
    return String.format(
            Locale.ROOT,
            "  %-8s %4.0f%%  %-16s  %-6s  %-8s  %8s  %s",
            line.stage(),
            line.percent(),
            entered == null ? "-" : day(entered),
            entered == null || boundary == null ? "-" : after(boundary - entered),
            line.verdict() == null ? "-" : line.verdict(),
            line.units() == 0 ? "-" : String.format(Locale.ROOT, "%,d", line.units()),
            shortened(line.reason()))
        .stripTrailing();
  }

  private static boolean changed(StageLine before, StageLine now) {
    return before.verdict() != now.verdict() || !before.reason().equals(now.reason());
  }

  private static String after(long ms) {
    Duration d = Duration.ofMillis(ms);
    return d.toDays() + "d " + d.toHoursPart() + "h";
  }

  private static String day(long timeMs) {
    return Instant.ofEpochMilli(timeMs).toString().substring(0, 16).replace('T', ' ');
  }

  private static String shortened(String reason) {
    return reason.length() <= REASON_CHARS ? reason : reason.substring(0, REASON_CHARS - 1) + "…";
  }

  private String elapsed() {
    long seconds = (clockMs.getAsLong() - startMs) / 1000;
    return String.format(Locale.ROOT, "%2d:%02d", seconds / 60, seconds % 60);
  }

  private void clear() {
    if (drawn > 0) {
      out.print("\u001b[" + drawn + "A\r\u001b[J");
    }
  }
}
