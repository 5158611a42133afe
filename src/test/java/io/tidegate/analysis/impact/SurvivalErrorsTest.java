package io.tidegate.analysis.impact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.analysis.impact.ReturnShares.Form;
import io.tidegate.model.RetentionPoint;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SurvivalErrorsTest {

  /** Where all are followed to the end the shares are binomial: S(t)·(1 − S(s))/n for s ≤ t. */
  @Test
  void withoutCensoring_itIsTheCovarianceOfShares() {
    int units = 400;
    ReturnCounts counts = new ReturnCounts(RetentionPoint.ABSENT_DAYS);
    SplittableRandom random = new SplittableRandom(5);
    int[] left = new int[10];
    for (int unit = 0; unit < units; unit++) {
      int first = 1 + random.nextInt(12);
      counts.add(30, new int[] {first});
      for (int age = 0; age < left.length; age++) {
        left[age] += first > age ? 1 : 0;
      }
    }
    int[] ages = {1, 4, 9};
    SurvivalErrors errors = SurvivalErrors.of(ReturnShares.of(counts, 10), Form.FIRST_RETURN, ages);
    double[][] covariance = new double[3][3];
    errors.addTo(covariance, new double[] {1, 1, 2});
    double[] weights = {1, 1, 2};
    for (int j = 0; j < 3; j++) {
      assertThat(errors.units(j)).isEqualTo(units);
      for (int i = 0; i <= j; i++) {
        double later = (double) left[ages[j]] / units;
        double earlier = (double) left[ages[i]] / units;
        assertThat(covariance[j][i])
            .isCloseTo(weights[i] * weights[j] * later * (1 - earlier) / units, within(1e-12));
      }
    }
  }

  @Test
  void agesThatNobodyHasReached_haveNoUnits() {
    ReturnCounts counts = new ReturnCounts(RetentionPoint.ABSENT_DAYS);
    counts.add(5, new int[] {2});
    counts.add(5, new int[0]);
    SurvivalErrors errors =
        SurvivalErrors.of(ReturnShares.of(counts, 10), Form.FIRST_RETURN, new int[] {2, 8});
    assertThat(errors.units(0)).isEqualTo(2);
    assertThat(errors.units(1)).isZero();
  }
}
