package io.tidegate.analysis.gate;

import io.tidegate.analysis.gate.HourlyFlow.Total;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.Reason;
import io.tidegate.model.Resolved;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Seasonal;
import io.tidegate.stats.Stated;
import io.tidegate.stats.season.CountInterval;
import io.tidegate.stats.season.HourOfWeek;
import io.tidegate.stats.sequence.Interval;
import io.tidegate.stats.sums.Moments;
import io.tidegate.stats.sums.RatioMoments;
import io.tidegate.stats.sums.UnitSums;
import io.tidegate.stats.tail.CountDistribution;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Did the world move? Both variants of a ratio metric outside what history expects of the last
 * complete hour, on the same side. Where the definition froze no hours of the metric's outcomes: of
 * the sums so far, coarsely, half the expected value or twice it and six standard errors. Metrics
 * that mature with a unit's age are not held against history here.
 */
final class Shock {

  /** Two-sided level of an hour's interval, over a rollout's ratio metrics. */
  static final double ALPHA = 0.001;

  private static final double FACTOR = 2;
  private static final double ERRORS = 6;
  private static final long UNITS = 100;
  private static final double FIRM_WEEKS = 2;

  private final GateState state;
  private final StageProcess process;
  private final long boundaryMs;
  private final Seasonal seasonal;

  private Shock(GateState state, StageProcess process, long boundaryMs) {
    this.state = state;
    this.process = process;
    this.boundaryMs = boundaryMs;
    this.seasonal = process.attempt().definition().resolved().seasonal();
  }

  static List<Reason> fired(GateState state, StageProcess process, long boundaryMs) {
    List<Reason> reasons = new ArrayList<>();
    RolloutSpec spec = process.attempt().definition().spec();
    Shock shock = new Shock(state, process, boundaryMs);
    long ratios = spec.metrics().stream().filter(m -> m.kind().isRatio()).count();
    for (int m = 0; m < spec.metrics().size(); m++) {
      Metric metric = spec.metrics().get(m);
      Hour hour = shock.hour(metric.kind());
      Reason reason =
          hour == null ? shock.inAll(m, metric) : shock.lately(m, metric, hour, ALPHA / ratios);
      if (reason != null) {
        reasons.add(reason);
      }
    }
    if (reasons.isEmpty()) {
      state.shockSinceMs = Long.MIN_VALUE;
    } else if (state.shockSinceMs == Long.MIN_VALUE) {
      state.shockSinceMs = boundaryMs;
    }
    return reasons;
  }

  /**
   * The last complete hour of a ratio of two outcomes' numbers.
   *
   * @param rate numerators per denominator that history expects
   * @param dispersion τ² of the numerators
   */
  private record Hour(long startMs, double rate, double dispersion) {}

  /** Null where history has no such hours, or too few weeks to raise an alarm. */
  private @Nullable Hour hour(MetricKind kind) {
    if (!(kind instanceof MetricKind.Ratio ratio) || seasonal.weeks() < FIRM_WEEKS) {
      return null;
    }
    Seasonal.Volume numerator = volume(ratio.numerator());
    Seasonal.Volume denominator = volume(ratio.denominator());
    if (numerator == null || denominator == null) {
      return null;
    }
    long startMs = HourlyFlow.lastComplete(boundaryMs);
    ZoneId zone = ZoneId.of(seasonal.zone());
    if (seasonal.isHoliday(HourOfWeek.day(startMs, zone))) {
      return null;
    }
    int slot = HourOfWeek.of(startMs, zone);
    double below = denominator.perHour().get(slot);
    return below > 0
        ? new Hour(startMs, numerator.perHour().get(slot) / below, numerator.dispersion())
        : null;
  }

  private Seasonal.@Nullable Volume volume(MetricKind.Term term) {
    return term.sumOfValues() || !term.outcome().where().isEmpty()
        ? null
        : seasonal.volumes().get(term.outcome().outcome());
  }

  private @Nullable Reason lately(int metric, Metric named, Hour hour, double alpha) {
    double clustering = clustering(metric);
    Interval control = interval(metric, 0, hour, clustering, alpha);
    int side = side(control, count(metric, 0, hour).y() / clustering);
    for (int t = 1; side != 0 && t < process.strata().get(0).shares().size(); t++) {
      Interval treated = interval(metric, t, hour, clustering, alpha);
      if (side(treated, count(metric, t, hour).y() / clustering) == side) {
        double seen =
            (double) (count(metric, 0, hour).y() + count(metric, t, hour).y())
                / (count(metric, 0, hour).d() + count(metric, t, hour).d());
        return new Reason(
            "EXTERNAL_SHOCK",
            "in the hour from "
                + Instant.ofEpochMilli(hour.startMs())
                + " both variants' "
                + named.name()
                + " left what history expects of such an hour, "
                + Quality.number(hour.rate()),
            Quality.number(seen),
            Quality.number(hour.rate()));
      }
    }
    return null;
  }

  /** Numerators and denominators of a variant in the hour, ×10⁶. */
  private Total count(int metric, int variant, Hour hour) {
    HourlyFlow.Key key =
        new HourlyFlow.Key(
            process.attempt().number(),
            process.number(),
            variant,
            -1,
            0,
            process.plan().channel(metric, 1));
    return state.flow.of(hour.startMs(), key);
  }

  /**
   * Where the numerators of a variant should lie, in clusters ×10⁶: as many as denominators came
   * times the rate, {@code clustering} at a time.
   */
  private Interval interval(int metric, int variant, Hour hour, double clustering, double alpha) {
    double mean = hour.rate() * count(metric, variant, hour).d() / UnitSums.SCALE / clustering;
    if (!(mean > 0)) {
      return Interval.unlimited();
    }
    Interval clusters = CountInterval.of(new CountDistribution(mean, hour.dispersion()), alpha);
    return new Interval(clusters.lower() * UnitSums.SCALE, clusters.upper() * UnitSums.SCALE);
  }

  private static int side(Interval interval, double count) {
    if (count > interval.upper()) {
      return 1;
    }
    return count < interval.lower() ? -1 : 0;
  }

  /**
   * How many numerators come at a time because units have several: the variance of a unit's number
   * of them over its mean, at least 1.
   */
  private double clustering(int metric) {
    UnitSums all = new UnitSums();
    for (int v = 0; v < process.strata().get(0).shares().size(); v++) {
      all.add(process.pooled(v, -1, 0, process.plan().channel(metric, 1)));
    }
    RatioMoments joint = all.ratio();
    Stated<Moments> score = joint.score();
    if (!score.said() || score.orThrow().n() < UNITS || !(score.orThrow().mean() > 0)) {
      return 1;
    }
    Moments found = score.orThrow();
    double variance = found.m2() / (found.n() - 1);
    return StrictMath.max(1, variance * joint.meanD() / found.mean());
  }

  private @Nullable Reason inAll(int metric, Metric named) {
    Resolved.MetricBase base = process.attempt().definition().resolved().base(named.name());
    if (base == null || !named.kind().isRatio() || base.mean() <= 0) {
      return null;
    }
    int control = side(metric, 0, base);
    int treated = side(metric, 1, base);
    return control == 0 || control != treated
        ? null
        : new Reason(
            "EXTERNAL_SHOCK",
            "both variants' "
                + named.name()
                + " left what history expects, "
                + Quality.number(base.mean()),
            control > 0 ? "above" : "below",
            Quality.number(base.mean()));
  }

  private int side(int metric, int variant, Resolved.MetricBase base) {
    Stated<Moments> score =
        process.pooled(variant, -1, 0, process.plan().channel(metric, 1)).ratio().score();
    if (!score.said() || score.orThrow().n() < UNITS) {
      return 0;
    }
    Moments found = score.orThrow();
    double error = StrictMath.sqrt(found.m2() / (found.n() - 1) / found.n());
    double gap = found.mean() - base.mean();
    if (StrictMath.abs(gap) < ERRORS * error) {
      return 0;
    }
    if (found.mean() > FACTOR * base.mean()) {
      return 1;
    }
    return found.mean() < base.mean() / FACTOR ? -1 : 0;
  }
}
