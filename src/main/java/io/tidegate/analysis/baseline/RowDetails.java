package io.tidegate.analysis.baseline;

import static io.tidegate.analysis.baseline.HistoryPlan.DAY_MS;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A flat JSON object; figures that are not finite are left out. */
final class RowDetails {
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private final StringBuilder json = new StringBuilder("{");

  RowDetails add(String name, @Nullable Double figure) {
    if (figure != null && Double.isFinite(figure)) {
      field(name).append(figure);
    }
    return this;
  }

  RowDetails add(String name, long figure) {
    field(name).append(figure);
    return this;
  }

  /** Days since 1970 that end after an instant. */
  void days(String name, List<Long> days, long fromMs) {
    List<Long> coming = days.stream().filter(d -> d >= fromMs / DAY_MS - 1).toList();
    if (!coming.isEmpty()) {
      field(name).append(coming);
    }
  }

  RowDetails add(String name, String word) {
    String escaped = word.replace("\\", "\\\\").replace("\"", "\\\"");
    field(name)
        .append('"')
        .append(CONTROL.matcher(escaped).replaceAll(RowDetails::unicode))
        .append('"');
    return this;
  }

  private static String unicode(MatchResult control) {
    return "\\\\u%04x".formatted((int) control.group().charAt(0));
  }

  private StringBuilder field(String name) {
    return json.append(json.length() > 1 ? ", \"" : "\"").append(name).append("\": ");
  }

  String text() {
    return json + "}";
  }
}
