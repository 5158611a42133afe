package io.tidegate.cli.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Progress as text: a table that is drawn anew on a terminal, a line for each change elsewhere. */
public final class Board implements Progress {

  private static final int REASON_CHARS = 70;
  private static final String ESCAPE = "\u001b[";
  private static final String CLEAR_LINE = "\r" + ESCAPE + "K";
  private static final String NO_WRAP = ESCAPE + "?7l";
  private static final String WRAP = ESCAPE + "?7h";

  private final PrintWriter out;
  private final boolean terminal;
  private final LongSupplier clockMs;
  private final long startMs;
  private final Map<String, StageLine> shown = new HashMap<>();
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
      out.print(CLEAR_LINE);
    }
    out.println(elapsed() + "  " + name + ": " + what);
    out.flush();
  }

  @Override
  public void at(String detail) {
    if (terminal) {
      clear();
      drawn = 0;
      out.print(CLEAR_LINE + "       " + detail);
      out.flush();
    }
  }

  @Override
  public void stages(List<StageLine> lines) {
    if (terminal) {
      List<String> rows = table(lines);
      out.println(NO_WRAP);
      rows.forEach(out::println);
      out.print(WRAP);
      drawn = rows.size() + 1;
    } else {
      for (StageLine line : lines) {
        if (tells(shown.get(line.stage()), line)) {
          out.println(elapsed() + row(line));
          shown.put(line.stage(), line);
        }
      }
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

  /** Whether a line says something new: another verdict, or a day has passed. */
  private static boolean tells(@Nullable StageLine before, StageLine now) {
    Long boundary = now.boundaryMs();
    if (boundary == null) {
      return false;
    }
    return before == null
        || before.boundaryMs() == null
        || before.verdict() != now.verdict()
        || boundary - before.boundaryMs() >= Duration.ofDays(1).toMillis();
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
      out.print(ESCAPE + drawn + "A\r" + ESCAPE + "J");
    }
  }
}
