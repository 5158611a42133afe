package io.tidegate.analysis.metric;

import io.tidegate.model.MetricKind;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.SegmentDimension;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fold of each metric kind. */
public final class UnitFolds {

  private static final long DAY_MS = 86_400_000L;

  /**
   * How long units are followed for a metric without a window: half a week, the mean age of the
   * units of a ramp of a week.
   */
  private static final long OPEN_WINDOW_MS = 7 * DAY_MS / 2;

  /** So many digits are exact as a double. */
  private static final int MOST_DIGITS = 15;

  private UnitFolds() {}

  /**
   * The fold of a metric kind.
   *
   * @param threshold for a quantile: outcomes above it are counted; ignored elsewhere
   */
  public static UnitFold of(MetricKind kind, double threshold) {
    if (kind instanceof MetricKind.Proportion k) {
      return new Any(k.outcome(), windowMs(k.window()));
    } else if (kind instanceof MetricKind.Count k) {
      Long cap = k.cap();
      return new Total(
          k.outcome(),
          null,
          windowMs(k.window()),
          cap == null ? Long.MAX_VALUE : cap * UnitFold.ONE);
    } else if (kind instanceof MetricKind.Sum k) {
      Long cap = k.capMicros();
      return new Total(
          k.outcome(), new Money(k), windowMs(k.window()), cap == null ? Long.MAX_VALUE : cap);
    } else if (kind instanceof MetricKind.Mean k) {
      return new Quotient(
          new MetricKind.Term(k.outcome(), true),
          new MetricKind.Term(k.outcome(), false),
          windowMs(k.window()));
    } else if (kind instanceof MetricKind.Ratio k) {
      return new Quotient(k.numerator(), k.denominator(), windowMs(k.window()));
    } else if (kind instanceof MetricKind.Quantile k) {
      return new Exceedance(k.outcome(), k.measure(), threshold, windowMs(k.window()));
    } else if (kind instanceof MetricKind.Funnel k) {
      return new Steps(k);
    } else if (kind instanceof MetricKind.Elapsed k) {
      return new Between(k);
    } else if (kind instanceof MetricKind.Retention k) {
      return new Returned(k.outcome(), k.fromDay() * DAY_MS, k.toDay() * DAY_MS);
    }
    return new ActiveDays((MetricKind.Depth) kind);
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

  /** Whether an outcome passes a filter; an absent attribute is {@code (unknown)}. */
  public static boolean matches(OutcomeFilter filter, OutcomeView outcome) {
    if (!filter.outcome().equals(outcome.name())) {
      return false;
    }
    if (filter.where().isEmpty()) {
      return true;
    }
    for (Map.Entry<String, Set<String>> wanted : filter.where().entrySet()) {
      String found = outcome.attribute(wanted.getKey());
      if (!wanted.getValue().contains(found.isEmpty() ? SegmentDimension.UNKNOWN : found)) {
        return false;
      }
    }
    return true;
  }

  /** A sum held to what a long can hold, lest one absurd unit stop the job. */
  private static long plus(long total, long value) {
    long sum = total + value;
    boolean overflows = ((total ^ sum) & (value ^ sum)) < 0;
    return overflows ? (total < 0 ? -Long.MAX_VALUE : Long.MAX_VALUE) : sum;
  }

  private static long windowMs(@Nullable Duration window) {
    return window == null ? Long.MAX_VALUE : window.toMillis();
  }

  /** 1 once the outcome was seen inside the window. */
  private record Any(OutcomeFilter filter, long windowMs) implements UnitFold {
    @Override
    public int slots() {
      return 1;
    }

    @Override
    public void outcome(long[] state, int at, OutcomeView outcome, long ageMs) {
      if (ageMs < windowMs && matches(filter, outcome)) {
        state[at] = ONE;
      }
    }

    @Override
    public boolean takesAnyOrder() {
      return true;
    }

    @Override
    public long y(long[] state, int at) {
      return state[at];
    }
  }

  /**
   * Number of outcomes inside the window, or their sum as {@code money}; the unit's total is held
   * to [−cap, cap]. Of a unit with a value in a currency without a rate the total is not known: its
   * slot stays {@link Money#NO_RATE}, y is 0 and d, otherwise 0, is 1.
   */
  private record Total(OutcomeFilter filter, @Nullable Money money, long windowMs, long capMicros)
      implements UnitFold {
    @Override
    public int slots() {
      return 1;
    }

    @Override
    public void outcome(long[] state, int at, OutcomeView outcome, long ageMs) {
      if (ageMs < windowMs && matches(filter, outcome)) {
        long value = money == null ? ONE : money.micros(outcome);
        boolean known = value != Money.NO_RATE && state[at] != Money.NO_RATE;
        state[at] = known ? plus(state[at], value) : Money.NO_RATE;
      }
    }

    /** A sum of money is held to what a long can hold, and then its order tells. */
    @Override
    public boolean takesAnyOrder() {
      return money == null;
    }

    @Override
    public long y(long[] state, int at) {
      return state[at] == Money.NO_RATE ? 0 : Math.max(-capMicros, Math.min(capMicros, state[at]));
    }

    @Override
    public long d(long[] state, int at) {
      return state[at] == Money.NO_RATE ? ONE : 0;
    }
  }

  /** Two totals. */
  private record Quotient(MetricKind.Term over, MetricKind.Term under, long windowMs)
      implements UnitFold {
    @Override
    public int slots() {
      return 2;
    }

    @Override
    public void outcome(long[] state, int at, OutcomeView outcome, long ageMs) {
      if (ageMs < windowMs) {
        add(state, at, over, outcome);
        add(state, at + 1, under, outcome);
      }
    }

    private static void add(long[] state, int at, MetricKind.Term term, OutcomeView outcome) {
      if (matches(term.outcome(), outcome)) {
        state[at] = plus(state[at], term.sumOfValues() ? outcome.valueMicros() : ONE);
      }
    }

    /** As a total. */
    @Override
    public boolean takesAnyOrder() {
      return !over.sumOfValues() && !under.sumOfValues();
    }

    @Override
    public long y(long[] state, int at) {
      return state[at];
    }

    @Override
    public long d(long[] state, int at) {
      return state[at + 1];
    }
  }

  /** Outcomes above a threshold, over outcomes with a readable measure. */
  private record Exceedance(
      OutcomeFilter filter, @Nullable String measure, double threshold, long windowMs)
      implements UnitFold {
    @Override
    public int slots() {
      return 2;
    }

    @Override
    public void outcome(long[] state, int at, OutcomeView outcome, long ageMs) {
      if (ageMs >= windowMs || !matches(filter, outcome)) {
        return;
      }
      double found = measured(outcome, measure);
      if (!Double.isNaN(found)) {
        state[at] += found > threshold ? ONE : 0;
        state[at + 1] += ONE;
      }
    }

    @Override
    public boolean takesAnyOrder() {
      return true;
    }

    @Override
    public long y(long[] state, int at) {
      return state[at];
    }

    @Override
    public long d(long[] state, int at) {
      return state[at + 1];
    }
  }

  /** An outcome's measure: its value, or a numeric attribute; NaN where that is no number. */
  public static double measured(OutcomeView outcome, @Nullable String measure) {
    if (measure == null) {
      return outcome.valueMicros() / 1e6;
    }
    String text = outcome.attribute(measure);
    long whole = digits(text);
    if (whole >= 0) {
      return whole;
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /** The number that a few digits are; −1 for any other text. */
  private static long digits(String text) {
    int n = text.length();
    long value = 0;
    for (int i = 0; i < n; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + (c - '0');
    }
    return n > 0 && n <= MOST_DIGITS ? value : -1;
  }

  /** Slot j holds 1 + the age of the latest first step from which step j was reached in time. */
  private record Steps(MetricKind.Funnel funnel) implements UnitFold {
    @Override
    public int slots() {
      return funnel.steps().size();
    }

    @Override
    public void outcome(long[] state, int at, OutcomeView outcome, long ageMs) {
      for (int j = slots() - 1; j >= 0; j--) {
        if (matches(funnel.steps().get(j), outcome)) {
          if (j == 0) {
            state[at] = ageMs + 1;
          } else if (state[at + j - 1] != 0
              && ageMs - (state[at + j - 1] - 1) < funnel.within().toMillis()) {
            state[at + j] = state[at + j - 1];
          }
        }
      }
    }

    @Override
    public long y(long[] state, int at) {
      return state[at + slots() - 1] == 0 ? 0 : ONE;
    }
  }

  /**
   * Seconds from the first start to the first end after it, over started units; slots hold 1 + age.
   */
  private record Between(MetricKind.Elapsed span) implements UnitFold {
    @Override
    public int slots() {
      return 2;
    }

    @Override
    public void outcome(long[] state, int at, OutcomeView outcome, long ageMs) {
      if (state[at] == 0) {
        if (matches(span.from(), outcome)) {
          state[at] = ageMs + 1;
        }
      } else if (state[at + 1] == 0
          && ageMs - (state[at] - 1) < span.within().toMillis()
          && matches(span.to(), outcome)) {
        state[at + 1] = ageMs + 1;
      }
    }

    @Override
    public long y(long[] state, int at) {
      if (state[at] == 0) {
        return 0;
      }
      long elapsedMs = state[at + 1] == 0 ? span.within().toMillis() : state[at + 1] - state[at];
      return Math.multiplyExact(elapsedMs, 1_000L);
    }

    @Override
    public long d(long[] state, int at) {
      return state[at] == 0 ? 0 : ONE;
    }
  }

  /** 1 if the unit came back inside [from, to) of its exposure; counts from {@code toMs} on. */
  private record Returned(OutcomeFilter filter, long fromMs, long toMs) implements UnitFold {
    @Override
    public int slots() {
      return 1;
    }

    @Override
    public void outcome(long[] state, int at, OutcomeView outcome, long ageMs) {
      if (ageMs >= fromMs && ageMs < toMs && matches(filter, outcome)) {
        state[at] = ONE;
      }
    }

    @Override
    public boolean takesAnyOrder() {
      return true;
    }

    @Override
    public long y(long[] state, int at) {
      return state[at];
    }

    @Override
    public long maturesAtMs() {
      return toMs;
    }
  }

  /** Distinct days with the outcome, as bits. */
  private record ActiveDays(MetricKind.Depth depth) implements UnitFold {
    @Override
    public int slots() {
      return (depth.days() + 63) / 64;
    }

    @Override
    public void outcome(long[] state, int at, OutcomeView outcome, long ageMs) {
      long day = ageMs / DAY_MS;
      if (day < depth.days() && matches(depth.outcome(), outcome)) {
        state[at + (int) (day / 64)] |= 1L << (day % 64);
      }
    }

    @Override
    public boolean takesAnyOrder() {
      return true;
    }

    @Override
    public long y(long[] state, int at) {
      long days = 0;
      for (int i = 0; i < slots(); i++) {
        days += Long.bitCount(state[at + i]);
      }
      return days * ONE;
    }
  }
}
