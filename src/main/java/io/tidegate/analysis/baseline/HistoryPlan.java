package io.tidegate.analysis.baseline;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.baseline.HistoryRequest.Series;
import io.tidegate.analysis.baseline.HistoryRequest.Treatment;
import io.tidegate.analysis.baseline.HistoryRequest.Wanted;
import io.tidegate.analysis.metric.UnitFold;
import io.tidegate.analysis.metric.UnitFolds;
import io.tidegate.model.BaselineRow;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.MetricKind.Quantile;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Seasonal;
import io.tidegate.model.SegmentDimension;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A request laid out for folding units: which events to read and what to make of them. */
public final class HistoryPlan {

  public static final long HOUR_MS = 3_600_000L;
  public static final long DAY_MS = 24 * HOUR_MS;
  public static final long WEEK_MS = 7 * DAY_MS;

  /** For how long a unit counts as treated after it was served a treatment. */
  public static final long TREATED_MS = 8 * WEEK_MS;

  /** Read before what is folded, so that a copy of an earlier event is known as one. */
  private static final long COPIES_MS = 3 * HOUR_MS;

  /** Raised with every change of what is made of a unit's events, so that nothing old is kept. */
  private static final int FOLD_RULES = 2;

  /** Of an outcome's volume. */
  public static final String VOLUME_RECIPE = FOLD_RULES + "/volume";

  private static final String THRESHOLD = " threshold ";

  /** Length of the window of covariates. */
  public static final int COVARIATE_DAYS = 28;

  /**
   * A metric to be followed.
   *
   * @param followMs age to which a unit is followed
   * @param dimensions by which units are split
   */
  record Tracked(
      String key, Metric metric, UnitFold fold, long followMs, List<SplitDimension> dimensions) {}

  /** A metric whose number before a rollout is wanted; the fold has no window. */
  record Before(String key, String metric, MetricKind kind, UnitFold fold) {}

  /** The metrics of a rollout. */
  record Group(
      RolloutSpec spec,
      boolean byExposure,
      List<Tracked> tracked,
      List<Before> before,
      long beforeEndMs) {}

  private final HistoryRequest request;
  private final List<Group> groups = new ArrayList<>();
  private final Map<String, Tracked> byKey = new LinkedHashMap<>();
  private final Set<String> flags = new TreeSet<>();
  private final Set<String> outcomes = new TreeSet<>();
  private final Set<String> attributes = new TreeSet<>();
  private boolean everyOutcome;
  private long readFromMs;
  private long treatedFromMs;

  private HistoryPlan(HistoryRequest request) {
    this.request = request;
  }

  /**
   * @param thresholds of quantile metrics over every unit, by metric key; one without counts
   *     nothing
   */
  public static HistoryPlan of(
      HistoryRequest request, SpecParser parser, Map<String, Double> thresholds) {
    HistoryPlan plan = new HistoryPlan(request);
    request.treatments().forEach(t -> plan.flags.add(t.flag()));
    List<RolloutSpec> specs =
        request.wanted().stream().map(wanted -> parser.read(wanted.specJson())).toList();
    Map<String, List<SegmentDimension>> segments = new HashMap<>();
    for (int i = 0; i < specs.size(); i++) {
      for (Series series : request.wanted().get(i).series()) {
        segments
            .computeIfAbsent(series.key(), key -> new ArrayList<>())
            .addAll(specs.get(i).segments());
      }
    }
    for (int i = 0; i < specs.size(); i++) {
      plan.add(request.wanted().get(i), specs.get(i), thresholds, segments);
    }
    plan.readFrom();
    return plan;
  }

  private void readFrom() {
    readFromMs = foldFromMs() - WEEK_MS - COPIES_MS;
    for (Group group : groups) {
      if (!group.before().isEmpty()) {
        readFromMs = StrictMath.min(readFromMs, group.beforeEndMs() - COVARIATE_DAYS * DAY_MS);
      }
    }
    treatedFromMs = StrictMath.min(readFromMs, foldFromMs() - TREATED_MS);
  }

  private void add(
      Wanted wanted,
      RolloutSpec spec,
      Map<String, Double> thresholds,
      Map<String, List<SegmentDimension>> segments) {
    List<Tracked> tracked = new ArrayList<>();
    Map<Integer, String> keys = new HashMap<>();
    for (Series series : wanted.series()) {
      keys.put(series.metric(), series.key());
      if (byKey.containsKey(series.key())) {
        continue;
      }
      Metric metric = spec.metrics().get(series.metric());
      UnitFold fold = UnitFolds.of(metric.kind(), threshold(thresholds, series.key()));
      List<SplitDimension> dimensions =
          SplitDimension.union(segments.getOrDefault(series.key(), List.of()));
      Tracked each =
          new Tracked(series.key(), metric, fold, UnitFolds.followMs(metric.kind()), dimensions);
      tracked.add(each);
      byKey.put(series.key(), each);
      reads(metric.kind());
    }
    List<Before> before = new ArrayList<>();
    for (Series series : wanted.covariates()) {
      Metric metric = spec.metrics().get(series.metric());
      String key = keys.getOrDefault(series.metric(), series.key());
      UnitFold fold = UnitFolds.of(open(metric.kind()), threshold(thresholds, key));
      before.add(new Before(series.key(), metric.name(), metric.kind(), fold));
      reads(metric.kind());
    }
    groups.add(new Group(spec, wanted.byExposure(), tracked, before, wanted.covariatesEndMs()));
    spec.segments().forEach(dimension -> attributes.add(dimension.name()));
    flags.add(spec.flag().key());
    OutcomeFilter trigger = spec.trigger();
    if (trigger == null) {
      everyOutcome |= !wanted.byExposure();
    } else {
      outcomes.add(trigger.outcome());
      attributes.addAll(trigger.where().keySet());
    }
  }

  private void reads(MetricKind kind) {
    outcomes.addAll(kind.outcomeNames());
    attributes.addAll(kind.attributeNames());
  }

  private static double threshold(Map<String, Double> thresholds, String key) {
    return thresholds.getOrDefault(key, Double.POSITIVE_INFINITY);
  }

  /** The same number over all of the covariates' window; of a retention the active days. */
  static MetricKind open(MetricKind kind) {
    if (kind instanceof MetricKind.Proportion k) {
      return new MetricKind.Proportion(k.outcome(), null);
    } else if (kind instanceof MetricKind.Count k) {
      return new MetricKind.Count(k.outcome(), null, k.cap());
    } else if (kind instanceof MetricKind.Sum k) {
      return k.open();
    } else if (kind instanceof MetricKind.Mean k) {
      return new MetricKind.Mean(k.outcome(), null);
    } else if (kind instanceof MetricKind.Ratio k) {
      return new MetricKind.Ratio(k.numerator(), k.denominator(), null);
    } else if (kind instanceof Quantile k) {
      return new Quantile(k.outcome(), k.measure(), k.quantile(), null);
    } else if (kind instanceof MetricKind.Retention k) {
      return new MetricKind.Depth(k.outcome(), COVARIATE_DAYS);
    } else if (kind instanceof MetricKind.Depth k) {
      return new MetricKind.Depth(k.outcome(), COVARIATE_DAYS);
    }
    return kind;
  }

  public HistoryRequest request() {
    return request;
  }

  List<Group> groups() {
    return groups;
  }

  /** The metric with a key, or null where it is none. */
  @Nullable Tracked tracked(String key) {
    return byKey.get(key);
  }

  /** The rollout whose metric has a key, or null where it is none. */
  @Nullable Group groupOf(String key) {
    for (Group group : groups) {
      if (group.tracked().stream().anyMatch(t -> t.key().equals(key))) {
        return group;
      }
    }
    return null;
  }

  /** Earliest event time that is read: the week before what is folded tells who has entered. */
  public long readFromMs() {
    return readFromMs;
  }

  /** Earliest time of exposures to a treatment that are read. */
  public long treatedFromMs() {
    return treatedFromMs;
  }

  /** Those of the treatments that units may still have in what is folded. */
  public List<Treatment> treatments() {
    long from = foldFromMs();
    return request.treatments().stream().filter(t -> t.untilMs() > from).toList();
  }

  private long foldFromMs() {
    return byKey.keySet().stream().mapToLong(request::foldFromMs).min().orElse(request.endMs());
  }

  /**
   * What the sums of a metric depend on besides events and treatments: where it is the same, sums
   * of earlier runs hold.
   *
   * @param threshold of a quantile metric; null for none
   */
  public String recipe(String key, @Nullable Double threshold) {
    Tracked tracked = byKey.get(key);
    Group group = groupOf(key);
    if (tracked == null || group == null) {
      return VOLUME_RECIPE;
    }
    String entry = Seasonal.entry(group.spec(), group.byExposure());
    StringBuilder recipe = new StringBuilder().append(FOLD_RULES).append('/').append(entry);
    for (SplitDimension dimension : tracked.dimensions()) {
      recipe.append('/').append(dimension.name()).append(dimension.open() ? " open " : " ");
      recipe.append(new TreeSet<>(dimension.listed()));
    }
    return threshold == null ? recipe.toString() : recipe + THRESHOLD + threshold;
  }

  /** Whether a recipe is another one but for the threshold. */
  public static boolean isButForThreshold(String recipe, String withoutThreshold) {
    return recipe.equals(withoutThreshold) || recipe.startsWith(withoutThreshold + THRESHOLD);
  }

  /** Whether a key is of a metric that is wanted, or of an outcome's volume: all of these are. */
  public boolean wants(String key) {
    return byKey.containsKey(key) || key.startsWith(BaselineRow.volumeKey(""));
  }

  /** Metrics' keys. */
  public Set<String> keys() {
    return Collections.unmodifiableSet(byKey.keySet());
  }

  /** Age to which the units of a metric are followed; 0 of a volume. */
  public long followMs(String key) {
    Tracked tracked = byKey.get(key);
    return tracked == null ? 0 : tracked.followMs();
  }

  /** Flags whose exposures are read. */
  public Set<String> flags() {
    return flags;
  }

  /** Names of the outcomes that are read; empty for every one. */
  public Set<String> outcomes() {
    return everyOutcome ? Set.of() : outcomes;
  }

  /** Whether a metric has a threshold that history must say first. */
  public boolean hasQuantiles() {
    return !quantiles().isEmpty();
  }

  /** Keys of quantile metrics. */
  public List<String> quantiles() {
    return byKey.values().stream()
        .filter(t -> t.metric().kind() instanceof Quantile)
        .map(Tracked::key)
        .toList();
  }

  /** Whether an event is read; one that is loses the attributes that are not. */
  public boolean reduce(Point point) {
    boolean read =
        (point.timeMs >= readFromMs || (point.timeMs >= treatedFromMs && treats(point)))
            && point.timeMs < request.endMs()
            && (point.exposure
                ? flags.contains(point.name)
                : everyOutcome || outcomes.contains(point.name));
    if (read) {
      List<String> kept = new ArrayList<>(point.attributes.length);
      for (int i = 0; i + 1 < point.attributes.length; i += 2) {
        if (attributes.contains(point.attributes[i])) {
          kept.add(point.attributes[i]);
          kept.add(point.attributes[i + 1]);
        }
      }
      point.attributes = kept.toArray(new String[0]);
    }
    return read;
  }

  private boolean treats(Point point) {
    return point.exposure
        && request.treatments().stream()
            .anyMatch(t -> t.flag().equals(point.name) && t.variant().equals(point.variant));
  }
}
