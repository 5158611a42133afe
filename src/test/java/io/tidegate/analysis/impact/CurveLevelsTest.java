package io.tidegate.analysis.impact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.analysis.impact.View.Group;
import io.tidegate.analysis.impact.View.Segment;
import io.tidegate.stats.estimate.MaxNormal;
import io.tidegate.stats.sequence.NormalTail;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Levels of curves from samples of units against those of the world they were drawn from. */
class CurveLevelsTest {

  private static final int UNITS = 2_000;
  private static final int CAPPED = 1;
  private static final int WORLDS = 12;
  private static final int[] AGES = IntStream.range(1, LifeWorld.DAYS).toArray();
  private static final Segment ALL = new Segment(Slice.ALL, 0);
  private static final Segment KEEN = new Segment(0, 0);

  /** Within a segment days are independent, so its totals are sums of independent steps. */
  @Test
  void segment_takesTheLevelOfItsOwnUnits() {
    double[][] steps = new double[AGES.length][AGES.length];
    for (int j = 0; j < AGES.length; j++) {
      for (int i = 0; i < AGES.length; i++) {
        steps[j][i] = Math.min(AGES[i], AGES[j]);
      }
    }
    double exact = critical(new MaxNormal().level(steps, 0.8 * Contrast.ALPHA));
    double[] found = new double[WORLDS];
    for (int seed = 0; seed < WORLDS; seed++) {
      View view = new View(LifeWorld.book(UNITS, seed, day -> 1));
      found[seed] = critical(level(view, KEEN));
      assertThat(found[seed]).isGreaterThan(critical(level(view, ALL)) + 0.02);
      assertThat(found[seed]).isLessThan(critical(Contrast.ALPHA / AGES.length) - 0.1);
    }
    assertThat(Arrays.stream(found).average().orElseThrow()).isCloseTo(exact, within(0.03));
    assertThat(Arrays.stream(found).min().orElseThrow()).isCloseTo(exact, within(0.08));
    assertThat(Arrays.stream(found).max().orElseThrow()).isCloseTo(exact, within(0.08));
  }

  @Test
  void oneAge_needsNoOtherLevel() {
    View view = new View(LifeWorld.book(100, 1, day -> 1));
    assertThat(view.levels().ofSeries(KEEN, group(view), 1, CAPPED, new int[] {7}))
        .isEqualTo(Contrast.ALPHA);
  }

  private static double level(View view, Segment segment) {
    return view.levels().ofSeries(segment, group(view), 1, CAPPED, AGES);
  }

  private static Group group(View view) {
    return view.cohorts().get(0);
  }

  private static double critical(double level) {
    return -NormalTail.quantile(level / 2);
  }
}
