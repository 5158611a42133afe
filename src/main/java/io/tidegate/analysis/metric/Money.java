package io.tidegate.analysis.metric;

import io.tidegate.model.MetricKind;
import io.tidegate.model.Outcome;
import io.tidegate.stats.sums.UnitSums;
import java.math.BigInteger;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of outcomes in a metric's currency.
 *
 * @param currency null where values are taken as they are
 * @param rateNanos billionths of the currency that one of another is worth
 */
public record Money(@Nullable String currency, Map<String, Long> rateNanos) {

  /** No value: the outcome is in a currency without a rate. */
  public static final long NO_RATE = Long.MIN_VALUE;

  private static final long RATE_SCALE = 1_000_000_000L;
  private static final BigInteger MOST = BigInteger.valueOf(Outcome.MAX_VALUE_MICROS);

  public Money(MetricKind.Sum metric) {
    this(metric.currency(), metric.rateNanos());
  }

  /** Whether a metric is a sum of values that may have no rate. */
  public static boolean converts(MetricKind kind) {
    return kind instanceof MetricKind.Sum sum && sum.currency() != null;
  }

  /**
   * Units whose total is not known, for they had a value in a currency without a rate. Where there
   * are any, nothing can be said of the metric: what is left is the sum over an unknown part.
   */
  public static long refused(MetricKind kind, UnitSums sums) {
    return converts(kind) ? sums.sumD().longValueExact() / UnitSums.SCALE : 0;
  }

  /** Why nothing is said of a metric with so many refused units; empty where there are none. */
  public static String refusal(MetricKind kind, long refused) {
    return refused > 0 && kind instanceof MetricKind.Sum sum
        ? "units with a value in a currency without a rate to %s: %d"
            .formatted(sum.currency(), refused)
        : "";
  }

  /** Millionths of the metric's currency, or {@link #NO_RATE}. */
  public long micros(OutcomeView outcome) {
    if (currency == null) {
      return outcome.valueMicros();
    }
    String own = outcome.attribute(MetricKind.Sum.CURRENCY);
    if (own.isEmpty() || own.equals(currency)) {
      return outcome.valueMicros();
    }
    Long rate = rateNanos.get(own);
    return rate == null ? NO_RATE : converted(outcome.valueMicros(), rate);
  }

  /**
   * value × rate ÷ 10⁹, halves away from 0, so that a refund takes back what its purchase brought;
   * held to ±{@link Outcome#MAX_VALUE_MICROS}.
   */
  static long converted(long micros, long nanos) {
    long low = micros * nanos;
    if (Math.multiplyHigh(micros, nanos) != low >> 63) {
      return large(micros, nanos);
    }
    long whole = low / RATE_SCALE;
    long rest = low % RATE_SCALE;
    whole += Math.abs(rest) * 2 >= RATE_SCALE ? Long.signum(low) : 0;
    return Math.max(-Outcome.MAX_VALUE_MICROS, Math.min(Outcome.MAX_VALUE_MICROS, whole));
  }

  private static long large(long micros, long nanos) {
    BigInteger[] parts =
        BigInteger.valueOf(micros)
            .multiply(BigInteger.valueOf(nanos))
            .divideAndRemainder(BigInteger.valueOf(RATE_SCALE));
    BigInteger whole = parts[0];
    if (parts[1].abs().shiftLeft(1).compareTo(BigInteger.valueOf(RATE_SCALE)) >= 0) {
      whole = whole.add(BigInteger.valueOf(Long.signum(micros)));
    }
    return whole.max(MOST.negate()).min(MOST).longValueExact();
  }
}
