package io.tidegate.codec;

import io.tidegate.model.Outcome;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Decimal text to fixed point ×10⁶. */
final class Micros {

  /** Returned for a number beyond {@link Outcome#MAX_VALUE_MICROS}. */
  static final long OUT_OF_RANGE = Long.MIN_VALUE;

  private static final int PLACES = 6;
  private static final int WHOLE_DIGITS = 13;

  private Micros() {}

  /** Exact up to six places, further ones rounded half to even. The text must be a JSON number. */
  static long parse(String number) {
    int n = number.length();
    boolean negative = n > 0 && number.charAt(0) == '-';
    long value = 0;
    int places = -1;
    for (int i = negative ? 1 : 0; i < n; i++) {
      char c = number.charAt(i);
      if (c == '.' && places < 0) {
        places = 0;
      } else if (c >= '0' && c <= '9' && places < PLACES && i < WHOLE_DIGITS + PLACES) {
        value = value * 10 + (c - '0');
        places = places < 0 ? places : places + 1;
      } else {
        return unusual(number);
      }
    }
    for (int i = Math.max(places, 0); i < PLACES; i++) {
      if (value > Outcome.MAX_VALUE_MICROS) {
        return OUT_OF_RANGE;
      }
      value *= 10;
    }
    return bounded(negative ? -value : value);
  }

  private static long unusual(String text) {
    BigDecimal number;
    try {
      number = new BigDecimal(text);
    } catch (NumberFormatException e) {
      // An exponent beyond an int.
      return OUT_OF_RANGE;
    }
    long magnitude = (long) number.precision() - number.scale();
    if (number.signum() == 0 || magnitude < -PLACES - 1) {
      return 0;
    }
    if (magnitude > WHOLE_DIGITS) {
      return OUT_OF_RANGE;
    }
    return bounded(
        number.setScale(PLACES, RoundingMode.HALF_EVEN).unscaledValue().longValueExact());
  }

  private static long bounded(long micros) {
    return Math.abs(micros) > Outcome.MAX_VALUE_MICROS ? OUT_OF_RANGE : micros;
  }
}
