package io.tidegate.model;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How a unit's outcomes become a number. */
public sealed interface MetricKind {

  /** Time from a unit's exposure within which outcomes count; null: at any time, or none stated. */
  default @Nullable Duration window() {
    return null;
  }

  /**
   * 1 if the unit had the outcome within {@code window} of its exposure (null: at any time), else
   * 0.
   */
  record Proportion(OutcomeFilter outcome, @Nullable Duration window) implements MetricKind {}

  /** Number of the outcomes within {@code window}; {@code cap} bounds one unit's number. */
  record Count(OutcomeFilter outcome, @Nullable Duration window, @Nullable Long cap)
      implements MetricKind {}

  /**
   * Sum of the outcomes' values.
   *
   * @param capMicros bounds one unit's total, in {@code currency}
   * @param currency what values are summed in; an outcome whose attribute {@link #CURRENCY} names
   *     another one is converted, one that names none is in it already. Null: values are no money,
   *     or it is not known which
   * @param rateNanos other currency → what one of it is worth in {@code currency}, ×10⁹
   */
  record Sum(
      OutcomeFilter outcome,
      @Nullable Duration window,
      @Nullable Long capMicros,
      @Nullable String currency,
      Map<String, Long> rateNanos)
      implements MetricKind {

    /** Decimal places of a rate. */
    public static final int RATE_DIGITS = 9;

    /** Attribute of an outcome that names its value's currency. */
    public static final String CURRENCY = "currency";

    public Sum {
      rateNanos = Collections.unmodifiableMap(new TreeMap<>(rateNanos));
    }

    /** Of values in one currency. */
    public Sum(
        OutcomeFilter outcome,
        @Nullable Duration window,
        @Nullable Long capMicros,
        @Nullable String currency) {
      this(outcome, window, capMicros, currency, Map.of());
    }

    /** The same over all of a unit's life. */
    public Sum open() {
      return new Sum(outcome, null, capMicros, currency, rateNanos);
    }
  }

  /** Mean of the outcomes' values among units that had one (ratio of the sum to the number). */
  record Mean(OutcomeFilter outcome, @Nullable Duration window) implements MetricKind {}

  /** One side of a ratio: the number of outcomes, or the sum of their values. */
  record Term(OutcomeFilter outcome, boolean sumOfValues) {}

  /** Ratio of two per-unit totals, by the delta method. */
  record Ratio(Term numerator, Term denominator, @Nullable Duration window) implements MetricKind {}

  /**
   * Share of outcomes whose measure exceeds the baseline's {@code quantile}; {@code measure} names
   * a numeric attribute, null the outcome's value.
   */
  record Quantile(
      OutcomeFilter outcome, @Nullable String measure, double quantile, @Nullable Duration window)
      implements MetricKind {}

  /** 1 if the unit did all steps in order, each within {@code within} of the first. */
  record Funnel(List<OutcomeFilter> steps, Duration within) implements MetricKind {
    public Funnel {
      steps = List.copyOf(steps);
    }
  }

  /**
   * Time from the first {@code from} to the first {@code to} after it, per started unit; unfinished
   * units count {@code within}.
   */
  record Elapsed(OutcomeFilter from, OutcomeFilter to, Duration within) implements MetricKind {}

  /**
   * 1 if the unit had the outcome in [{@code fromDay}·24 h, {@code toDay}·24 h) after exposure;
   * counted once that has passed.
   */
  record Retention(OutcomeFilter outcome, int fromDay, int toDay) implements MetricKind {}

  /**
   * Number of distinct 24 h periods since exposure, within {@code days}, in which the unit had the
   * outcome.
   */
  record Depth(OutcomeFilter outcome, int days) implements MetricKind {}

  /** The name that the spec gives the kind. */
  default String kindName() {
    return this instanceof Elapsed
        ? "duration"
        : getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
  }

  /** Every outcome the metric reads. */
  default List<OutcomeFilter> filters() {
    if (this instanceof Proportion k) {
      return List.of(k.outcome());
    } else if (this instanceof Count k) {
      return List.of(k.outcome());
    } else if (this instanceof Sum k) {
      return List.of(k.outcome());
    } else if (this instanceof Mean k) {
      return List.of(k.outcome());
    } else if (this instanceof Ratio k) {
      return List.of(k.numerator().outcome(), k.denominator().outcome());
    } else if (this instanceof Quantile k) {
      return List.of(k.outcome());
    } else if (this instanceof Funnel k) {
      return k.steps();
    } else if (this instanceof Elapsed k) {
      return List.of(k.from(), k.to());
    } else if (this instanceof Retention k) {
      return List.of(k.outcome());
    }
    return List.of(((Depth) this).outcome());
  }

  /** Names of the outcomes the metric reads. */
  default Set<String> outcomeNames() {
    return filters().stream().map(OutcomeFilter::outcome).collect(Collectors.toUnmodifiableSet());
  }

  /** Attributes of an outcome the metric reads. */
  default Set<String> attributeNames() {
    Stream<String> filtered = filters().stream().flatMap(f -> f.where().keySet().stream());
    Stream<String> measured =
        this instanceof Quantile q && q.measure() != null ? Stream.of(q.measure()) : Stream.of();
    Stream<String> money =
        this instanceof Sum s && s.currency() != null ? Stream.of(Sum.CURRENCY) : Stream.of();
    return Stream.of(filtered, measured, money)
        .flatMap(names -> names)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether a unit's number is a ratio of two totals. */
  default boolean isRatio() {
    return this instanceof Ratio
        || this instanceof Mean
        || this instanceof Quantile
        || this instanceof Elapsed;
  }

  /** Whether what a unit brings day by day is followed, so that an effect's change can be seen. */
  default boolean isFollowedByDay() {
    return this instanceof Sum
        || this instanceof Retention
        || this instanceof Depth
        || (this instanceof Count && window() == null);
  }

  /** Whether a unit's number is 0 or 1. */
  default boolean isBinary() {
    return this instanceof Proportion || this instanceof Funnel || this instanceof Retention;
  }
}
