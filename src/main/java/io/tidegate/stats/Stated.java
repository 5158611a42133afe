package io.tidegate.stats;

import java.util.NoSuchElementException;
import java.util.function.Function;

/**
 * A number, or why there is none. Statistics never answer with NaN, p = 1 or an empty interval
 * where the data do not determine a value.
 *
 * @param <T> what is stated
 */
public sealed interface Stated<T> {

  /** A value that the data determine. */
  record Value<T>(T value) implements Stated<T> {}

  /** No value exists; {@code detail} names the quantity and the figure that rules it out. */
  record CannotSay<T>(Reason reason, String detail) implements Stated<T> {}

  /** Why a value does not exist. */
  enum Reason {
    NO_DATA,
    TOO_FEW_UNITS,
    ZERO_VARIANCE,
    ZERO_DENOMINATOR,
    NON_POSITIVE_BASELINE,
    UNBOUNDED,
    EMPTY_VARIANT,
    NOT_MATURE,
    NO_THRESHOLD,
    START_UP,
    OUT_OF_RANGE,
    NO_RATE
  }

  /** States a value. */
  static <T> Stated<T> of(T value) {
    return new Value<>(value);
  }

  /**
   * States a value unless one of its {@code figures} has left the range of doubles: infinite, or no
   * number ({@code OUT_OF_RANGE}).
   */
  static <T> Stated<T> ofFinite(T value, double... figures) {
    for (double figure : figures) {
      if (!Double.isFinite(figure)) {
        return cannotSay(Reason.OUT_OF_RANGE, "the numbers given are beyond the range of a double");
      }
    }
    return of(value);
  }

  /** States that there is none, and why. */
  static <T> Stated<T> cannotSay(Reason reason, String detail) {
    return new CannotSay<>(reason, detail);
  }

  /** Whether there is a value. */
  default boolean said() {
    return this instanceof Value<T>;
  }

  /** The value; a {@link NoSuchElementException} with the reason where there is none. */
  default T orThrow() {
    if (this instanceof Value<T> v) {
      return v.value();
    }
    CannotSay<T> no = (CannotSay<T>) this;
    throw new NoSuchElementException("cannot say (" + no.reason() + "): " + no.detail());
  }

  /** A function of the value; the same reason where there is none. */
  default <R> Stated<R> map(Function<? super T, ? extends R> f) {
    if (this instanceof Value<T> v) {
      return new Value<>(f.apply(v.value()));
    }
    CannotSay<T> no = (CannotSay<T>) this;
    return new CannotSay<>(no.reason(), no.detail());
  }

  /** What a function of the value states; the same reason where there is none. */
  default <R> Stated<R> flatMap(Function<? super T, Stated<R>> f) {
    if (this instanceof Value<T> v) {
      return f.apply(v.value());
    }
    CannotSay<T> no = (CannotSay<T>) this;
    return new CannotSay<>(no.reason(), no.detail());
  }
}
