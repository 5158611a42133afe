package io.tidegate.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.model.ImpactEstimate.Aspect;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EffectPatternTest {

  @ParameterizedTest
  @CsvSource({
    // early, late, late less early: an effect of that size, each with a range of ±1
    " 0.0,  0.0,  0.0, UNSEEN",
    " 2.0,  0.5, -0.9, EARLY_ONLY",
    " 0.5,  2.0,  0.9, STEADY",
    " 2.0,  1.5, -0.5, STEADY",
    " 3.0,  0.2, -2.8, NOVELTY",
    "-3.0, -0.2,  2.8, NOVELTY",
    " 5.0,  2.0, -3.0, NOVELTY",
    " 3.0, -3.0, -6.0, PULLED_FORWARD",
    "-3.0,  3.0,  6.0, PULLED_FORWARD",
    " 2.0,  5.0,  3.0, LEARNING",
    "-2.0, -5.0, -3.0, LEARNING",
    " 0.2, -3.0, -3.2, DELAYED",
    " 0.9, -0.9, -1.8, UNCLEAR",
  })
  void pattern_followsFromWhatIsSeen(
      double early, double late, double change, EffectPattern expected) {
    assertThat(
            EffectPattern.of(
                row(Aspect.EARLY, early), row(Aspect.LATE, late), row(Aspect.CHANGE, change)))
        .isEqualTo(expected);
  }

  private static ImpactEstimate row(Aspect aspect, double effect) {
    return new ImpactEstimate(
        "r",
        1,
        ImpactEstimate.TO_DATE_EPOCH,
        ImpactEstimate.ALL_STAGES,
        "off",
        "on",
        "revenue",
        "success",
        "sum",
        SegmentDimension.ALL,
        SegmentDimension.EVERY_UNIT,
        aspect,
        24,
        Maturity.MATURE,
        Censoring.DATA_END,
        0,
        "welch",
        0.05,
        10.0,
        10 + effect,
        effect,
        effect - 1,
        effect + 1,
        null,
        null,
        null,
        null,
        null,
        null,
        100,
        100,
        "");
  }
}
