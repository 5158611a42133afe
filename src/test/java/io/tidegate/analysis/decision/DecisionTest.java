package io.tidegate.analysis.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.model.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecisionTest {

  @Test
  void budget_isSpentOnce() {
    ErrorBudget budget = ErrorBudget.of(0.01, List.of(2.0, 1.0, 1.0), 6, 2, 4, 1);
    double perTreatmentAndStage =
        budget.overall().stream().mapToDouble(a -> a).sum() + 3 * 6 * budget.segment();
    assertThat(perTreatmentAndStage * 2 * 4).isCloseTo(0.01, within(1e-15));
    assertThat(budget.overall().get(0)).isCloseTo(2 * budget.overall().get(1), within(1e-15));
  }

  @Test
  void budget_withoutSegmentsGoesToTheOverallTests() {
    ErrorBudget budget = ErrorBudget.even(0.01, 2, 0, 1, 1, 1);
    assertThat(budget.overall()).containsExactly(0.005, 0.005);
    assertThat(budget.segment()).isZero();
  }

  @Test
  void budget_sixGuardrailsAndSixSegments() {
    ErrorBudget budget = ErrorBudget.even(0.01, 6, 6, 1, 1, 1);
    assertThat(budget.overall().get(0)).isCloseTo(0.00083333, within(1e-8));
    assertThat(budget.segment()).isCloseTo(0.00013889, within(1e-8));
  }

  @Test
  void budget_ofNothingIsRefused() {
    assertThatThrownBy(() -> ErrorBudget.of(0.01, List.of(), 0, 1, 1, 1))
        .hasMessage("weights must be positive and not empty, got []");
  }

  @Test
  void levels_withoutSuccessMetricCannotSay() {
    assertThat(DecisionLevels.of(0, 2, 0, .05, .2, .01, .001).alphaSuccess().said()).isFalse();
    assertThatThrownBy(() -> DecisionLevels.of(0, 2, 0, .05, .01, .01, .001))
        .hasMessageContaining("leaves nothing");
  }

  @Test
  void ramp_withoutABoundHolds() {
    RampStep step = RampStep.next(Double.POSITIVE_INFINITY, List.of(.01, .5, 1.0), .01, .01);
    assertThat(step).isEqualTo(new RampStep(0, 0, Verdict.HOLD));
  }
}
