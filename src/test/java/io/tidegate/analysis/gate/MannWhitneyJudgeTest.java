package io.tidegate.analysis.gate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MannWhitneyJudgeTest {

  private static double[] series(double from, double step) {
    double[] values = new double[100];
    for (int i = 0; i < values.length; i++) {
      values[i] = from + step * (i * 37 % 100);
    }
    return values;
  }

  @Test
  void a_plain_shift_fails_in_its_direction_only() {
    double[] control = series(1, 0.001);
    double[] slower = series(1.2, 0.001);
    assertThat(MannWhitneyJudge.fails(slower, control, 1)).isTrue();
    assertThat(MannWhitneyJudge.fails(slower, control, -1)).isFalse();
    assertThat(MannWhitneyJudge.fails(control, slower, -1)).isTrue();
    assertThat(MannWhitneyJudge.fails(control, control, 1)).isFalse();
  }

  /** Kayenta's issue 780: one value in twenty at a hundred times the usual one passes. */
  @Test
  void sparse_spikes_pass() {
    double[] control = series(1, 0.001);
    double[] spiked = control.clone();
    for (int i = 0; i < spiked.length; i += 20) {
      spiked[i] *= 100;
    }
    assertThat(MannWhitneyJudge.fails(spiked, control, 1)).isFalse();
  }
}
