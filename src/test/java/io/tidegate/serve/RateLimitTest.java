package io.tidegate.serve;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateLimitTest {

  private static final long SECOND = 1_000_000_000L;

  /** Two requests a second, twenty at once. */
  private final RateLimit limit = new RateLimit(2);

  @Test
  void bucket_holds_ten_seconds_worth_and_refills_evenly() {
    for (int i = 0; i < 20; i++) {
      assertThat(limit.take("a", 1, 0)).isTrue();
    }
    assertThat(limit.take("a", 1, 0)).isFalse();
    assertThat(limit.take("b", 1, 0)).isTrue();
    assertThat(limit.take("a", 1, SECOND / 2)).isTrue();
    assertThat(limit.take("a", 1, SECOND / 2)).isFalse();
  }

  @Test
  void charge_beyond_what_is_left_is_a_debt() {
    assertThat(limit.take("a", 1, 0)).isTrue();
    limit.charge("a", 25, 0);
    assertThat(limit.take("a", 1, 3 * SECOND)).isFalse();
    assertThat(limit.take("a", 1, 4 * SECOND)).isTrue();
  }
}
