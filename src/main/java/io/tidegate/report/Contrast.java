package io.tidegate.report;

import io.tidegate.model.Estimate;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.Metric;
import io.tidegate.model.Purpose;
import io.tidegate.model.SegmentDimension;
import org.jspecify.annotations.Nullable;

/**
 * An effect in words: direction, size and certainty of the difference between a treatment and
 * control on a metric.
 *
 * @param treatment which one, where a rollout has several; empty where it has one
 * @param lower lower bound of the difference; null: unbounded
 * @param relative effect as a fraction of control's value; null: cannot be said
 * @param alpha probability that the bounds miss the truth
 * @param anytime whether the bounds hold at every look rather than at one
 * @param baseline whether history takes the place of a control group
 * @param reason why there is no effect; empty where there is one
 */
record Contrast(
    Metric metric,
    String treatment,
    String dimension,
    String segment,
    @Nullable Double effect,
    @Nullable Double lower,
    @Nullable Double upper,
    @Nullable Double relative,
    @Nullable Double relativeLower,
    @Nullable Double relativeUpper,
    double alpha,
    boolean anytime,
    boolean baseline,
    String reason) {

  /** What the interval says of the change. */
  enum Direction {
    BETTER,
    WORSE,
    UNCLEAR,
    UNSAID
  }

  static Contrast of(Metric metric, String treatment, Estimate e) {
    return new Contrast(
        metric,
        treatment,
        e.dimension(),
        e.segment(),
        e.effectSize(),
        e.effectSizeLower(),
        e.effectSizeUpper(),
        e.relEffectSize(),
        e.relEffectSizeLower(),
        e.relEffectSizeUpper(),
        e.alpha(),
        !e.basis().equals(Estimate.BASELINE),
        e.basis().equals(Estimate.BASELINE),
        e.reason());
  }

  static Contrast of(Metric metric, String treatment, ImpactEstimate i) {
    return new Contrast(
        metric,
        treatment,
        i.dimension(),
        i.segment(),
        i.effectSize(),
        i.effectSizeLower(),
        i.effectSizeUpper(),
        i.relEffectSize(),
        i.relEffectSizeLower(),
        i.relEffectSizeUpper(),
        i.alpha(),
        false,
        false,
        i.reason());
  }

  /** Whether a purpose's bounds look at the whole effect, not at one side of it. */
  static boolean describes(Purpose purpose) {
    return purpose == Purpose.SUCCESS || purpose == Purpose.NON_INFERIORITY;
  }

  Direction direction() {
    Double from = inRelative() ? relativeLower : lower;
    Double to = inRelative() ? relativeUpper : upper;
    if (effect == null || (from == null && to == null)) {
      return Direction.UNSAID;
    }
    int sign = from != null && from > 0 ? 1 : to != null && to < 0 ? -1 : 0;
    if (sign == 0) {
      return Direction.UNCLEAR;
    }
    return sign == metric.better().sign() ? Direction.BETTER : Direction.WORSE;
  }

  /** The direction in a few words, for tables and legends. */
  String reading() {
    return switch (direction()) {
      case BETTER -> "better";
      case WORSE -> "worse";
      case UNCLEAR -> "no clear difference";
      case UNSAID -> "cannot be said";
    };
  }

  /** One clause: {@code revenue got worse: about 12 % lower (plausibly between …)}. */
  String clause() {
    return switch (direction()) {
      case UNSAID ->
          "the effect on "
              + what()
              + " cannot be said yet"
              + (reason.isEmpty() ? "" : " (" + reason + ")");
      case UNCLEAR ->
          "no clear difference in " + what() + ": anything " + range() + " is still plausible";
      case BETTER -> what() + " got better: " + size() + " (plausibly " + range() + ")";
      case WORSE -> what() + " got worse: " + size() + " (plausibly " + range() + ")";
    };
  }

  /** {@code revenue for device=mobile with red}: the metric, in whom and with which treatment. */
  String what() {
    return metric.name() + where() + (treatment.isEmpty() ? "" : " with " + treatment);
  }

  /** {@code for device=mobile}, or nothing where it concerns everyone. */
  String where() {
    return dimension.equals(SegmentDimension.ALL) ? "" : " for " + dimension + "=" + segment;
  }

  String size() {
    double shown = inRelative() ? orZero(relative) : orZero(effect);
    return "about " + magnitude(shown) + (shown < 0 ? " lower" : " higher");
  }

  /** The interval in words. */
  String range() {
    Double from = inRelative() ? relativeLower : lower;
    Double to = inRelative() ? relativeUpper : upper;
    if (from == null && to == null) {
      return "at all";
    } else if (from == null) {
      double end = orZero(to);
      return end < 0
          ? "at least " + magnitude(end) + " lower"
          : "up to " + magnitude(end) + " higher";
    } else if (to == null) {
      return from > 0
          ? "at least " + magnitude(from) + " higher"
          : "down to " + magnitude(from) + " lower";
    } else if (from >= 0) {
      return "between " + magnitude(from) + " and " + magnitude(to) + " higher";
    } else if (to <= 0) {
      return "between " + magnitude(to) + " and " + magnitude(from) + " lower";
    }
    return "from " + magnitude(from) + " lower to " + magnitude(to) + " higher";
  }

  /** How sure, in one sentence. */
  String certainty() {
    String level = Figures.share(1 - alpha);
    String held =
        anytime
            ? "The range holds with " + level + " confidence however often one looks."
            : "The range holds with " + level + " confidence, at one look.";
    return baseline
        ? held + " It compares with what history leads to expect, not with a control group."
        : held;
  }

  /**
   * Whether the relative effect is the one to read: it exists and is bounded where the other is.
   */
  boolean inRelative() {
    return relative != null
        && (relativeLower != null || lower == null)
        && (relativeUpper != null || upper == null);
  }

  private String magnitude(double x) {
    double size = Math.abs(x);
    if (inRelative()) {
      return Figures.roughShare(size);
    }
    if (Figures.isShare(metric)) {
      return Figures.rough(size * 100) + " percentage points";
    }
    String currency = Figures.currency(metric);
    return Figures.rough(size) + (currency.isEmpty() ? "" : "\u00a0" + currency);
  }

  private static double orZero(@Nullable Double x) {
    return x == null ? 0 : x;
  }
}
