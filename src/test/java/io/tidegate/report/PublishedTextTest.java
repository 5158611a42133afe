package io.tidegate.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.privacy.PublishedRows;
import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.Purpose;
import io.tidegate.model.Reason;
import io.tidegate.model.ReportData;
import io.tidegate.model.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sentences tell of a segment no more than its published rows. */
class PublishedTextTest {

  private static final String WITHHELD =
      " [… withheld: too few units came to the segment since its figures were told]";

  @Test
  void figures_of_a_look_whose_row_was_withheld_are_left_out() {
    long least = SampleRollout.spec().minSegmentUnits();
    List<Long> units = List.of(1_000L, 1_001L, 1_001 + least);
    List<Estimate> rows = new ArrayList<>();
    List<GateSignal> signals = new ArrayList<>();
    for (int look = 0; look < units.size(); look++) {
      long atMs = SampleRollout.START + (look + 1) * SampleRollout.HOUR;
      rows.add(
          SampleRollout.row(
              0,
              atMs,
              "revenue",
              "device",
              "mobile",
              Purpose.HARM,
              -0.5,
              0.1,
              5,
              units.get(look),
              3.0));
      signals.add(told(atMs, "revenue in device=mobile is worse (now " + units.get(look) + ")"));
    }
    ReportData all = SampleRollout.with(SampleRollout.defined(), List.of(), signals, rows);
    assertThat(PublishedRows.of(all).data().signals())
        .extracting(s -> s.reasons().get(0).sentence() + " " + s.missing().get(0))
        .satisfiesExactly(
            first -> assertThat(first).contains("now 1000)", "units 1000"),
            tooSoon ->
                assertThat(tooSoon)
                    .isEqualTo(
                        "revenue in device=mobile is worse (now …)"
                            + WITHHELD
                            + " device=mobile: units …"
                            + WITHHELD),
            enough -> assertThat(enough).contains("now " + (1_001 + least)));
  }

  @Test
  void rows_of_another_aspect_withhold_nothing() {
    ReportData all = SampleRollout.rolledBack();
    List<ImpactEstimate> rows =
        List.of(
            impact("mobile", ImpactEstimate.Aspect.OBSERVED, 5_000),
            impact("desktop", ImpactEstimate.Aspect.OBSERVED, 4_000),
            impact("mobile", ImpactEstimate.Aspect.EARLY, 5_000),
            impact("desktop", ImpactEstimate.Aspect.EARLY, 3));
    ReportData data = new ChangedReport(all).impacts(rows).data();
    assertThat(PublishedRows.of(data).data().impacts())
        .extracting(ImpactEstimate::aspect)
        .containsExactly(ImpactEstimate.Aspect.OBSERVED, ImpactEstimate.Aspect.OBSERVED);
  }

  private static ImpactEstimate impact(String segment, ImpactEstimate.Aspect aspect, long units) {
    ImpactEstimate i = SampleRollout.impact("revenue", "guardrail", 5, -0.3, 0.1);
    return new ImpactEstimate(
        i.rolloutId(),
        i.attempt(),
        i.epoch(),
        i.stage(),
        i.controlVariant(),
        i.treatmentVariant(),
        i.metric(),
        i.role(),
        i.kind(),
        "device",
        segment,
        aspect,
        i.ageDays(),
        i.maturity(),
        i.censoring(),
        i.censoredAtMs(),
        i.method(),
        i.alpha(),
        i.control(),
        i.treatment(),
        i.effectSize(),
        i.effectSizeLower(),
        i.effectSizeUpper(),
        i.effectSizeLowerTogether(),
        i.effectSizeUpperTogether(),
        i.relEffectSize(),
        i.relEffectSizeLower(),
        i.relEffectSizeUpper(),
        i.pValue(),
        units,
        units,
        i.reason());
  }

  private static GateSignal told(long atMs, String sentence) {
    String units = sentence.replaceAll("\\D+", "");
    return SampleRollout.signal(
        Verdict.HOLD,
        0,
        "canary",
        1,
        atMs,
        List.of(new Reason("HARM_NOT_YET_SHOWN", sentence, units, "")),
        null,
        List.of("device=mobile: units " + units));
  }
}
