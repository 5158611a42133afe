package io.tidegate.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.stats.Stated.CannotSay;
import io.tidegate.stats.Stated.Reason;

/** Assertions on answers that do not exist. */
public final class Reasons {
  private Reasons() {}

  /** That {@code stated} is no value, for the given reason and in the given words. */
  public static void assertCannotSay(Stated<?> stated, Reason reason, String detail) {
    assertThat(stated).isEqualTo(new CannotSay<>(reason, detail));
  }
}
