package io.tidegate.analysis.baseline;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.baseline.HistoryRequest.Series;
import io.tidegate.analysis.baseline.HistoryRequest.Wanted;
import io.tidegate.analysis.metric.UnitFold;
import io.tidegate.analysis.metric.UnitFolds;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.MetricKind.Quantile;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.SegmentDimension;
import java.time.Duration;
import java.util.ArrayList;
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
  static final long DAY_MS = 24 * HOUR_MS;
  static final long WEEK_MS = 7 * DAY_MS;

  /**
   * How long units are followed for a metric without a window: half a week, the mean age of the
   * units of a ramp of a week.
   */
  public static final long OPEN_WINDOW_MS = WEEK_MS / 2;

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
  record Before(String key, String metric, UnitFold fold) {}

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
    return plan;
  }

  private void add(
      Wanted wanted,
      RolloutSpec spec,
      Map<String, Double> thresholds,
      Map<String, List<SegmentDimension>> segments) {
    List<Tracked> tracked = new ArrayList<>();
    for (Series series : wanted.series()) {
      if (byKey.containsKey(series.key())) {
        continue;
      }
      Metric metric = spec.metrics().get(series.metric());
      UnitFold fold = UnitFolds.of(metric.kind(), threshold(thresholds, series.key()));
      List<SplitDimension> dimensions =
          SplitDimension.union(segments.getOrDefault(series.key(), List.of()));
      Tracked each = new Tracked(series.key(), metric, fold, followMs(metric.kind()), dimensions);
      tracked.add(each);
      byKey.put(series.key(), each);
      reads(metric.kind());
    }
    List<Before> before = new ArrayList<>();
    for (Series series : wanted.covariates()) {
      Metric metric = spec.metrics().get(series.metric());
      UnitFold fold = UnitFolds.of(open(metric.kind()), threshold(thresholds, series.key()));
      before.add(new Before(series.key(), metric.name(), fold));
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

  /** Age at which a unit's number is settled, or is taken where it never is. */
  public static long followMs(MetricKind kind) {
    if (kind instanceof MetricKind.Retention k) {
      return k.toDay() * DAY_MS;
    } else if (kind instanceof MetricKind.Depth k) {
      return k.days() * DAY_MS;
    }
    Duration window = kind.window();
    return window == null ? OPEN_WINDOW_MS : window.toMillis();
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

  /** Earliest event time that is read. */
  public long readFromMs() {
    long from = request.startMs();
    for (Group group : groups) {
      if (!group.before().isEmpty()) {
        from = Math.min(from, group.beforeEndMs() - COVARIATE_DAYS * DAY_MS);
      }
    }
    return from;
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
    return byKey.values().stream().anyMatch(t -> t.metric().kind() instanceof Quantile);
  }

  /** Whether an event is read; one that is loses the attributes that are not. */
  public boolean reduce(Point point) {
    boolean read =
        point.timeMs >= readFromMs()
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
}
