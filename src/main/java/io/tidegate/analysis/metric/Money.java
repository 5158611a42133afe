package io.tidegate.analysis.metric;

import io.tidegate.model.MetricKind;
import io.tidegate.model.Outcome;
import java.math.BigInteger;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of outcomes in a metric's currency. */
public final class Money {

  /** No value: the outcome is in a currency without a rate. */
  public static final long NO_RATE = Long.MIN_VALUE;

  private static final long RATE_SCALE = 1_000_000_000L;
  private static final BigInteger MOST = BigInteger.valueOf(Outcome.MAX_VALUE_MICROS);

  private final @Nullable String currency;
  private final Map<String, Long> rateNanos;

  public Money(MetricKind.Sum metric) {
    this.currency = metric.currency();
    this.rateNanos = metric.rateNanos();
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
