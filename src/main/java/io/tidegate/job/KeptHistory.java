package io.tidegate.job;

import io.tidegate.analysis.baseline.HistoryPlan;
import io.tidegate.analysis.baseline.HistoryRequest;
import io.tidegate.analysis.baseline.HistoryRequest.Kept;
import io.tidegate.analysis.baseline.HistoryRequest.Treatment;
import io.tidegate.codec.Tables;
import io.tidegate.connector.BaselineDays;
import io.tidegate.connector.BaselineTables;
import io.tidegate.connector.BaselineTables.Span;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.job.BaselineRun.Pinned;
import io.tidegate.model.BaselineProgress;
import io.tidegate.model.BaselineRow;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;
import org.jspecify.annotations.Nullable;

/**
 * What earlier runs of the baseline kept, and how much of it still holds: sums of days of which
 * every event that bears on them was there, with the same recipe and the same treatments.
 */
final class KeptHistory {

  /** Nothing. */
  static final KeptHistory NONE = new KeptHistory(Map.of());

  private static final long DAY_MS = HistoryPlan.DAY_MS;
  private static final String VOLUME = BaselineRow.volumeKey("");

  private final Map<String, BaselineProgress> progress;

  private KeptHistory(Map<String, BaselineProgress> progress) {
    this.progress = progress;
  }

  static KeptHistory read(TidegateConfig config, Pinned pinned) {
    Span days =
        BaselineTables.span(
            IcebergTables.load(config, Tables.BASELINE_DAYS),
            pinned.days(),
            "day_start",
            Expressions.alwaysTrue());
    return days == null
        ? NONE
        : new KeptHistory(
            BaselineDays.progress(config, pinned.days(), days.lastMs() - BaselineRun.HISTORY_MS));
  }

  /**
   * First and last outcome of the archive. What is kept says the first, so that only files of its
   * day and of the end are looked at.
   */
  @Nullable Span span(TidegateConfig config, Pinned pinned) {
    Table outcomes = IcebergTables.load(config, Tables.OUTCOMES);
    BaselineProgress newest = newest("");
    if (newest == null) {
      return BaselineTables.span(outcomes, pinned.outcomes());
    }
    Span end =
        BaselineTables.span(
            outcomes,
            pinned.outcomes(),
            "event_time",
            Expressions.greaterThanOrEqual(
                "event_time", Math.multiplyExact(newest.foldedToMs(), 1000L)));
    if (end == null) {
      return BaselineTables.span(outcomes, pinned.outcomes());
    }
    long knownMs = newest.knownFromMs();
    Span begin =
        BaselineTables.span(
            outcomes,
            pinned.outcomes(),
            "event_time",
            Expressions.lessThan("event_time", Math.multiplyExact(knownMs, 1000L)));
    return new Span(begin == null ? knownMs : Math.min(knownMs, begin.firstMs()), end.lastMs());
  }

  /** The same, as far as it holds for a request. */
  Kept holding(TidegateConfig config, Pinned pinned, HistoryRequest request, HistoryPlan plan) {
    News news = new News(config, pinned, request);
    Map<String, Long> until = new TreeMap<>();
    for (String key : plan.keys()) {
      BaselineProgress kept = progress.get(key);
      if (kept != null
          && kept.knownFromMs() == request.kept().knownFromMs()
          && HistoryPlan.isButForThreshold(kept.recipe(), plan.recipe(key, null))
          && news.sameTreatments(kept)) {
        long earliest =
            Math.min(kept.foldedToMs(), Math.min(news.exposuresMs(kept), news.outcomesMs(kept)));
        if (earliest != Long.MIN_VALUE) {
          until.put(key, Math.floorDiv(earliest - plan.followMs(key), DAY_MS) * DAY_MS);
        }
      }
    }
    long volumes = Long.MIN_VALUE;
    BaselineProgress kept = newest(VOLUME);
    if (kept != null && kept.recipe().equals(plan.recipe(VOLUME, null))) {
      long earliest = Math.min(kept.foldedToMs(), news.hoursMs(kept));
      volumes = earliest == Long.MIN_VALUE ? earliest : Math.floorDiv(earliest, DAY_MS) * DAY_MS;
    }
    return new Kept(request.kept().knownFromMs(), until, volumes);
  }

  /** Of the newest run that kept a series whose key begins so. */
  private @Nullable BaselineProgress newest(String prefix) {
    BaselineProgress newest = null;
    for (Map.Entry<String, BaselineProgress> each : progress.entrySet()) {
      if (each.getKey().startsWith(prefix)
          && (newest == null || each.getValue().revision() > newest.revision())) {
        newest = each.getValue();
      }
    }
    return newest;
  }

  /** Whether a metric's sums were made with a recipe. */
  boolean hasRecipe(String key, String recipe) {
    BaselineProgress kept = progress.get(key);
    return kept != null && kept.recipe().equals(recipe);
  }

  /** Treatments as far as they were known at an instant, as text. */
  static String treatments(List<Treatment> treatments, long atMs) {
    return treatments.stream()
        .map(treatment -> text(treatment, atMs))
        .sorted()
        .distinct()
        .collect(Collectors.joining("\n"));
  }

  private static String text(Treatment treatment, long atMs) {
    String until = treatment.untilMs() < atMs ? String.valueOf(treatment.untilMs()) : "open";
    return encoded(treatment.flag()) + " " + encoded(treatment.variant()) + " " + until;
  }

  /** A word without spaces or line ends; plain names are as they are. */
  private static String encoded(String word) {
    return URLEncoder.encode(word, StandardCharsets.UTF_8);
  }

  /** What came to the tables since a run; each question is asked once. */
  private static final class News {
    private final TidegateConfig config;
    private final Pinned pinned;
    private final HistoryRequest request;
    private final Map<List<Object>, Long> earliest = new HashMap<>();
    private final Map<List<Object>, Boolean> same = new HashMap<>();

    News(TidegateConfig config, Pinned pinned, HistoryRequest request) {
      this.config = config;
      this.pinned = pinned;
      this.request = request;
    }

    long exposuresMs(BaselineProgress kept) {
      return newMs(
          Tables.EXPOSURES,
          kept.exposuresSnapshot(),
          pinned.exposures(),
          "event_time",
          request.startMs() - HistoryPlan.TREATED_MS);
    }

    long outcomesMs(BaselineProgress kept) {
      return newMs(
          Tables.OUTCOMES,
          kept.outcomesSnapshot(),
          pinned.outcomes(),
          "event_time",
          request.startMs() - 2 * HistoryPlan.WEEK_MS);
    }

    long hoursMs(BaselineProgress kept) {
      return newMs(
          Tables.METRIC_HOURLY,
          kept.hourlySnapshot(),
          pinned.hourly(),
          "hour_start",
          request.startMs());
    }

    private long newMs(
        String table, long from, @Nullable Long newest, String column, long sinceMs) {
      long to = Snapshots.orZero(newest);
      return earliest.computeIfAbsent(
          List.of(table, from),
          k ->
              BaselineDays.newFromMs(IcebergTables.load(config, table), from, to, column, sinceMs));
    }

    /**
     * Whether a unit was treated then if it is now: nobody had been served a treatment that was
     * named since, or that is gone.
     */
    boolean sameTreatments(BaselineProgress kept) {
      return same.computeIfAbsent(List.of(kept.treatments(), kept.foldedToMs()), k -> isSame(kept));
    }

    private boolean isSame(BaselineProgress kept) {
      Set<String> then = lines(kept.treatments());
      Set<String> now = lines(treatments(request.treatments(), kept.foldedToMs()));
      Set<String> other = new TreeSet<>(then);
      other.addAll(now);
      other.removeIf(text -> then.contains(text) && now.contains(text));
      return other.stream().noneMatch(text -> wasServed(text, kept.foldedToMs()));
    }

    private static Set<String> lines(String text) {
      return text.lines().collect(Collectors.toCollection(TreeSet::new));
    }

    private boolean wasServed(String treatment, long beforeMs) {
      String[] words = treatment.split(" ");
      return words.length != 3
          || BaselineTables.exposed(
              IcebergTables.load(config, Tables.EXPOSURES),
              pinned.exposures(),
              URLDecoder.decode(words[0], StandardCharsets.UTF_8),
              URLDecoder.decode(words[1], StandardCharsets.UTF_8),
              request.startMs() - HistoryPlan.TREATED_MS,
              beforeMs);
    }
  }
}
