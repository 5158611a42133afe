package io.tidegate.codec;

import io.tidegate.model.Outcome;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/** Decimal text to fixed point ×10⁶. */
final class Micros {

  /** Returned for a number beyond {@link Outcome#MAX_VALUE_MICROS}. */
  static final long OUT_OF_RANGE = Long.MIN_VALUE;

  private static final int PLACES = 6;
  private static final int WHOLE_DIGITS = 13;

  private Micros() {}

  /** Exact up to six places, further ones rounded half to even. The text must be a JSON number. */
  static long parse(String number) {
    return parse(number.getBytes(StandardCharsets.ISO_8859_1), 0, number.length());
  }

  /** As {@link #parse(String)}, of some bytes of an array. */
  static long parse(byte[] bytes, int from, int to) {
    boolean negative = from < to && bytes[from] == '-';
    long value = 0;
    int places = -1;
    for (int i = negative ? from + 1 : from; i < to; i++) {
      byte c = bytes[i];
      if (c == '.' && places < 0) {
        places = 0;
      } else if (c >= '0' && c <= '9' && places < PLACES && i - from < WHOLE_DIGITS + PLACES) {
        value = value * 10 + (c - '0');
        places = places < 0 ? places : places + 1;
      } else {
        return unusual(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
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
