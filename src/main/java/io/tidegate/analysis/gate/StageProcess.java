package io.tidegate.analysis.gate;

import io.tidegate.analysis.attribution.CellKey;
import io.tidegate.analysis.attribution.Plan;
import io.tidegate.analysis.privacy.SmallCells;
import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.analysis.timeline.Epoch;
import io.tidegate.model.Assignment;
import io.tidegate.model.RolloutSpec;
import io.tidegate.stats.Stated;
import io.tidegate.stats.sequence.LabelRange;
import io.tidegate.stats.sequence.LabelStratum;
import io.tidegate.stats.sequence.MeanStratum;
import io.tidegate.stats.sequence.RatioStratum;
import io.tidegate.stats.sums.Moments;
import io.tidegate.stats.sums.UnitSums;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The sequential process that judges a stage: its strata, the split declared in each, and their
 * sums (design: "The estimands").
 *
 * @param number {@link CellKey#MATCHED} or the stage's index
 * @param strata empty where the stage has no concurrent control
 */
record StageProcess(
    CellSums sums, Attempt attempt, Plan plan, Epoch epoch, int number, List<Stratum> strata) {

  /** Stratum of the sums, with the declared share of control and of each treatment. */
  record Stratum(int key, List<Double> shares) {}

  static StageProcess of(CellSums sums, Attempt attempt, Plan plan, Epoch epoch) {
    RolloutSpec spec = attempt.definition().spec();
    if (!epoch.control()) {
      return new StageProcess(sums, attempt, plan, epoch, epoch.index(), List.of());
    }
    if (spec.assignment() == Assignment.RAMPED) {
      return new StageProcess(
          sums, attempt, plan, epoch, epoch.index(), ramped(sums, attempt, epoch, spec));
    }
    if (epoch.stage().percent() >= 100) {
      return new StageProcess(
          sums,
          attempt,
          plan,
          epoch,
          epoch.index(),
          List.of(new Stratum(epoch.index(), heldOut(spec))));
    }
    List<Stratum> strata = new ArrayList<>();
    for (Epoch earlier : attempt.epochs()) {
      if (earlier.enteredMs() <= epoch.enteredMs() && earlier.control()) {
        strata.add(new Stratum(earlier.index(), declared(spec)));
      }
    }
    return new StageProcess(sums, attempt, plan, epoch, CellKey.MATCHED, strata);
  }

  private static List<Double> declared(RolloutSpec spec) {
    return spec.flag().variants().stream()
        .map(v -> spec.flag().split().getOrDefault(v, 1.0))
        .toList();
  }

  private static List<Double> heldOut(RolloutSpec spec) {
    double held = spec.holdout() == null ? 0 : spec.holdout().percent();
    return treatedShares(spec, (100 - held) / 100);
  }

  private static List<Stratum> ramped(
      CellSums sums, Attempt attempt, Epoch epoch, RolloutSpec spec) {
    List<Stratum> strata = new ArrayList<>();
    double held = spec.holdout() == null ? 0 : spec.holdout().percent();
    double p = StrictMath.min(epoch.stage().percent(), 100 - held) / 100;
    for (int key : sums.strata(attempt.number(), epoch.index())) {
      double c = key / 1e6;
      double treated = (p - c) / (1 - c);
      if (treated > 0 && treated < 1) {
        strata.add(new Stratum(key, treatedShares(spec, treated)));
      }
    }
    return strata;
  }

  /** Control gets the rest; the treatments share in proportion to their weights. */
  private static List<Double> treatedShares(RolloutSpec spec, double treated) {
    double all =
        spec.flag().treatments().stream()
            .mapToDouble(t -> spec.flag().split().getOrDefault(t, 1.0))
            .sum();
    List<Double> shares = new ArrayList<>();
    shares.add(1 - treated);
    for (String treatment : spec.flag().treatments()) {
      shares.add(treated * spec.flag().split().getOrDefault(treatment, 1.0) / all);
    }
    return shares;
  }

  /** Units of a variant over all strata. */
  long units(int variant, int dimension, int segment) {
    long units = 0;
    for (Stratum stratum : strata) {
      units += cell(stratum.key(), variant, dimension, segment, CellKey.UNITS).units();
    }
    return units;
  }

  /** Units of a variant that entered in this stage. */
  long unitsOfStage(int variant) {
    if (number != CellKey.MATCHED) {
      return units(variant, -1, 0);
    }
    return cell(epoch.index(), variant, -1, 0, CellKey.UNITS).units();
  }

  /** A metric's sums of the units of a treatment that entered a stage without control on a day. */
  UnitSums entered(int day, int variant, int metric) {
    return totals(day, variant, -1, 0, plan.channel(metric, 1));
  }

  /** Units seen in a second variant, by their first. */
  long mixed(int variant) {
    long units = 0;
    for (Stratum stratum : strata) {
      units += cell(stratum.key(), variant, -1, 0, CellKey.MIXED).units();
    }
    return units;
  }

  /**
   * Every stratum's units beside the declared shares; {@code matched}: only the strata of this
   * stage.
   */
  List<RatioStratum> ratios() {
    return ratios(-1, 0);
  }

  /** The same in one segment. Where units enter at a trigger, of those that were exposed. */
  List<RatioStratum> ratios(int dimension, int segment) {
    boolean triggered = attempt.definition().spec().trigger() != null;
    return ratios(dimension, segment, triggered ? CellKey.EXPOSED : CellKey.UNITS);
  }

  /** Units that entered, whether at an exposure or a trigger. */
  List<RatioStratum> entered() {
    return ratios(-1, 0, CellKey.UNITS);
  }

  /** Units of a variant that were exposed, where units enter at a trigger. */
  long exposed(int variant) {
    long units = 0;
    for (Stratum stratum : strata) {
      units += cell(stratum.key(), variant, -1, 0, CellKey.EXPOSED).units();
    }
    return units;
  }

  private List<RatioStratum> ratios(int dimension, int segment, int channel) {
    List<RatioStratum> ratios = new ArrayList<>();
    for (Stratum stratum : strata) {
      if (number == CellKey.MATCHED && stratum.key() != epoch.index()) {
        continue;
      }
      List<Long> counts = new ArrayList<>();
      for (int v = 0; v < stratum.shares().size(); v++) {
        counts.add(cell(stratum.key(), v, dimension, segment, channel).units());
      }
      ratios.add(new RatioStratum(counts, stratum.shares()));
    }
    return ratios;
  }

  /** Moments by stratum of control in one channel and a treatment in another. */
  List<MeanStratum> means(
      int controlChannel,
      int treatmentChannel,
      int treatment,
      int dimension,
      int segment,
      boolean ratio) {
    List<MeanStratum> means = new ArrayList<>();
    for (Stratum stratum : strata) {
      Moments a = moments(totals(stratum.key(), 0, dimension, segment, controlChannel), ratio);
      Moments b =
          moments(totals(stratum.key(), treatment, dimension, segment, treatmentChannel), ratio);
      means.add(new MeanStratum(a.n(), a.mean(), variance(a), b.n(), b.mean(), variance(b)));
    }
    return means;
  }

  private static double variance(Moments moments) {
    return moments.n() < 2 ? 0 : moments.m2() / (moments.n() - 1);
  }

  /** A ratio without a denominator has no moments: the stratum drops out. */
  private static Moments moments(UnitSums sums, boolean ratio) {
    if (!ratio) {
      return sums.moments();
    }
    Stated<Moments> score = sums.ratio().score();
    return score.said() ? score.orThrow() : Moments.EMPTY;
  }

  /** Units with a non-zero number by stratum, as label events. */
  List<LabelStratum> labels(int channel, int treatment, int dimension, int segment) {
    List<LabelStratum> labels = new ArrayList<>();
    for (Stratum stratum : strata) {
      double c = stratum.shares().get(0);
      double t = stratum.shares().get(treatment);
      labels.add(
          new LabelStratum(
              t / (c + t),
              totals(stratum.key(), 0, dimension, segment, channel).unitsNonZero(),
              totals(stratum.key(), treatment, dimension, segment, channel).unitsNonZero()));
    }
    return labels;
  }

  /**
   * Units whose events came late, as label events: the first late event of each. Where every event
   * is late with the same chance, it carries a label in proportion to the events of units without
   * one until then; where every unit is (an app that uploads in batches), in proportion to the
   * units. So a treatment that only changes how much its units do leaves it within that range.
   * Strata with a variant that did nothing drop out.
   */
  LabelRange lateness(int treatment) {
    LabelRange labels = new LabelRange();
    for (Stratum stratum : strata) {
      long lateControl = cell(stratum.key(), 0, -1, 0, CellKey.LATE_UNITS).units();
      long lateTreatment = cell(stratum.key(), treatment, -1, 0, CellKey.LATE_UNITS).units();
      long control = lateControl + used(stratum.key(), 0);
      long treated = lateTreatment + used(stratum.key(), treatment);
      long unitsControl = cell(stratum.key(), 0, -1, 0, CellKey.UNITS).units();
      long unitsTreated = cell(stratum.key(), treatment, -1, 0, CellKey.UNITS).units();
      if (control > 0 && treated > 0 && unitsControl > 0 && unitsTreated > 0) {
        labels.add(
            (double) treated / (control + treated),
            (double) unitsTreated / (unitsControl + unitsTreated),
            lateControl,
            lateTreatment);
      }
    }
    return labels;
  }

  /** A variant's sums over all strata. */
  UnitSums pooled(int variant, int dimension, int segment, int channel) {
    UnitSums all = new UnitSums();
    for (Stratum stratum : strata) {
      all.add(totals(stratum.key(), variant, dimension, segment, channel));
    }
    return all;
  }

  /** A channel that counts from entry on takes its units from the count of units. */
  private UnitSums totals(int stratum, int variant, int dimension, int segment, int channel) {
    UnitSums values = cell(stratum, variant, dimension, segment, channel);
    if (plan.channels().get(channel).fold().maturesAtMs() > 0) {
      return values;
    }
    UnitSums all = values.copy();
    all.add(cell(stratum, variant, dimension, segment, CellKey.UNITS));
    return all;
  }

  /** Whether a segment is large enough to be named, and hides no smaller one of its dimension. */
  boolean shown(int dimension, int segment) {
    return shown(dimension, segment, (variant, s) -> units(variant, dimension, s));
  }

  /** The same by other counts of units. */
  boolean shown(int dimension, int segment, UnitCount count) {
    if (dimension < 0) {
      return true;
    }
    Map<String, Long> smaller = new TreeMap<>();
    for (int s = 0; s < plan.segmentCount(dimension); s++) {
      long fewest = Long.MAX_VALUE;
      long all = 0;
      for (int v = 0; v < strata.get(0).shares().size(); v++) {
        long units = count.units(v, s);
        fewest = Math.min(fewest, units);
        all += units;
      }
      smaller.put(plan.segmentName(dimension, s), SmallCells.smaller(fewest, all));
    }
    String name = plan.segmentName(dimension, segment);
    return smaller.getOrDefault(name, 0L) > 0
        && !new SmallCells(attempt.definition().spec().minSegmentUnits())
            .hidden(smaller)
            .contains(name);
  }

  /** Units of a variant in a segment. */
  @FunctionalInterface
  interface UnitCount {
    long units(int variant, int segment);
  }

  /** Events that took part, of whatever name. */
  private long used(int stratum, int variant) {
    long used = 0;
    for (int outcome = 0; outcome <= plan.outcomes().size(); outcome++) {
      used += cell(stratum, variant, -1, outcome, CellKey.USED).units();
    }
    return used;
  }

  private UnitSums cell(int stratum, int variant, int dimension, int segment, int channel) {
    return sums.get(
        new CellKey(attempt.number(), number, stratum, variant, dimension, segment, channel));
  }
}
