package io.tidegate.analysis.privacy;

import io.tidegate.model.Estimate;
import io.tidegate.model.Reason;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * At which boundaries the rows of a segment were published, so that a sentence tells no figure of
 * it that no published row has. Mutable.
 */
final class Looks {

  /** A number that is not part of a name. */
  private static final Pattern FIGURE =
      Pattern.compile("(?<![\\w.=-])[+-]?\\d[\\d.,]*(?<!,)(?![\\w-])");

  /** Stands in a sentence for a figure that would tell about too few units more. */
  private static final String HELD = "…";

  /** Why figures are missing where the published row of the segment is an earlier one. */
  static final String TOO_FEW = "too few units came to the segment since its figures were told";

  /** Why they are missing in a signal before the newest. */
  static final String NOT_NEWEST = "a segment's figures are told at the newest look only";

  private final int most;
  private final Map<List<String>, Segment> segments = new HashMap<>();

  /**
   * Of one segment.
   *
   * @param named where a text names it
   * @param metrics by name
   */
  private record Segment(Pattern named, Map<String, Series> metrics) {}

  /**
   * Of one metric in it.
   *
   * @param named where a text names it
   * @param looks boundary → whether every row there was published
   */
  private record Series(Pattern named, NavigableMap<Long, Boolean> looks) {

    static Series of(String metric) {
      String alone = "(?<![\\w-])" + Pattern.quote(metric) + "(?![\\w-])";
      return new Series(Pattern.compile(alone), new TreeMap<>());
    }

    boolean isIn(String text) {
      return named.matcher(text).find();
    }
  }

  /**
   * None yet.
   *
   * @param most boundaries kept of a metric in a segment, the newest
   */
  Looks(int most) {
    this.most = most;
  }

  /** Takes a segment's row. */
  void add(Estimate row, boolean published) {
    List<String> cell = List.of(row.dimension(), row.segment());
    NavigableMap<Long, Boolean> looks =
        segments
            .computeIfAbsent(cell, c -> new Segment(PublishedRows.named(c), new HashMap<>()))
            .metrics()
            .computeIfAbsent(row.metric(), Series::of)
            .looks();
    looks.merge(row.boundaryMs(), published, Boolean::logicalAnd);
    while (looks.size() > most) {
      looks.pollFirstEntry();
    }
  }

  /**
   * Whether the figures of a text may be told: of every segment that it names, rows of the metrics
   * that it names (of all where it names none) were published at the boundary, and none withheld.
   */
  boolean mayTell(String text, long boundaryMs) {
    return segments.values().stream()
        .filter(segment -> segment.named().matcher(text).find())
        .allMatch(segment -> published(segment.metrics().values(), text, boundaryMs));
  }

  private static boolean published(Collection<Series> metrics, String text, long boundaryMs) {
    boolean anyNamed = metrics.stream().anyMatch(metric -> metric.isIn(text));
    List<Boolean> looks =
        metrics.stream()
            .filter(metric -> !anyNamed || metric.isIn(text))
            .filter(metric -> metric.looks().containsKey(boundaryMs))
            .map(metric -> metric.looks().get(boundaryMs))
            .toList();
    return !looks.isEmpty() && !looks.contains(false);
  }

  /** Whether a text names a segment of which there were rows. */
  boolean names(String text) {
    return segments.values().stream().anyMatch(segment -> segment.named().matcher(text).find());
  }

  /** A text without its figures. */
  static String words(String text) {
    return FIGURE.matcher(text).replaceAll(Matcher.quoteReplacement(HELD));
  }

  /** A text without its figures, with the reason for that where it had any. */
  static String words(String text, String why) {
    String words = words(text);
    return words.equals(text) ? text : words + " [" + HELD + " withheld: " + why + "]";
  }

  /** A reason without what was observed, and why it is. */
  static Reason words(Reason reason, String why) {
    return new Reason(reason.code(), words(reason.sentence(), why), "", reason.threshold());
  }
}
