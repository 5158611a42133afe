package io.tidegate.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Purpose;
import io.tidegate.model.Reason;
import io.tidegate.model.ReportData;
import io.tidegate.model.Resolved;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The first sentence is right in words: direction, size, certainty. */
class HeadlinesTest {

  private static final long END = SampleRollout.START + 48 * SampleRollout.HOUR;
  private final List<Estimate> estimates = new ArrayList<>();
  private final List<RolloutEvent> events = new ArrayList<>();
  private RolloutSpec spec = SampleRollout.spec();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        // metric | control | effect | half width | expected clause
        "conversion | 0.05 |  0.005 | 0.002 | conversion got better: about 10 % higher (plausibly between 6 % and 14 % higher)",
        "conversion | 0.05 | -0.005 | 0.002 | conversion got worse: about 10 % lower (plausibly between 6 % and 14 % lower)",
        "conversion | 0.05 |  0.001 | 0.002 | no clear difference in conversion: anything from 2 % lower to 6 % higher is still plausible",
        "errors     | 0.02 |  0.002 | 0.001 | errors got worse: about 10 % higher (plausibly between 5 % and 15 % higher)",
        "errors     | 0.02 | -0.002 | 0.001 | errors got better: about 10 % lower (plausibly between 5 % and 15 % lower)",
      })
  void clause_saysDirectionAndSize(
      String metric, double control, double effect, double half, String expected) {
    assertThat(plain(contrast(metric, control, effect, half).clause())).isEqualTo(expected);
  }

  @Test
  void clause_withoutRelativeEffect_usesTheMetricsUnit() {
    Contrast c = contrast("conversion", 0.05, 0.005, 0.002);
    assertThat(plain(withoutRelative(c, 0.003, 0.007).clause()))
        .isEqualTo(
            "conversion got better: about 0.5 percentage points higher (plausibly between 0.3"
                + " percentage points and 0.7 percentage points higher)");
  }

  @Test
  void clause_oneSided_saysAtLeast() {
    Contrast c = contrast("conversion", 0.05, 0.005, 0.002);
    assertThat(plain(withoutRelative(c, 0.003, null).clause()))
        .isEqualTo(
            "conversion got better: about 0.5 percentage points higher (plausibly at least 0.3"
                + " percentage points higher)");
  }

  @Test
  void clause_cannotSay_givesTheReasonAndNoFigure() {
    Contrast c =
        new Contrast(
            metric("conversion"),
            "",
            "all",
            "*",
            null,
            null,
            null,
            null,
            null,
            null,
            0.05,
            true,
            false,
            "no unit in control");
    assertThat(c.clause())
        .isEqualTo("the effect on conversion cannot be said yet (no unit in control)");
    assertThat(c.direction()).isEqualTo(Contrast.Direction.UNSAID);
  }

  @Test
  void certainty_tellsSequencesFromOneLookAndHistoryFromControl() {
    assertThat(plain(contrast("conversion", 0.05, 0.005, 0.002).certainty()))
        .isEqualTo("The range holds with 95 % confidence however often one looks.");
    Contrast once =
        Contrast.of(
            metric("conversion"), "", SampleRollout.impact("conversion", "success", 1, 1, 1));
    assertThat(plain(once.certainty()))
        .isEqualTo("The range holds with 95 % confidence, at one look.");
  }

  @Test
  void noData_saysSo() {
    Headline h = new Headlines(SampleRollout.defined()).write(Map.of());
    assertThat(h.label()).isEqualTo("No verdict yet");
    assertThat(h.sentence())
        .isEqualTo("“checkout-v2” has not been judged yet: no data of it have arrived.");
    assertThat(h.uncertain())
        .contains("Nothing can be said yet about conversion, errors, revenue and d1.");
  }

  @Test
  void rollback_namesTheSegmentHurtAndTheRisk() {
    estimates.add(row("revenue", "device", "mobile", Purpose.HARM, -0.6, 0.3, 5.0, 12));
    estimates.add(row("errors", "all", "*", Purpose.HARM, 0.001, 0.004, 0.02, 0.1));
    Headline h = headline(signal(Verdict.ROLLBACK, null, List.of()));
    assertThat(h.tone()).isEqualTo("bad");
    assertThat(plain(h.sentence()))
        .isEqualTo(
            "Take “checkout-v2” back: revenue for device=mobile got worse: about 12 % lower"
                + " (plausibly between 6 % and 18 % lower).");
    assertThat(plain(h.certainty()))
        .isEqualTo("Over the whole rollout, the risk of a false alarm is held at 1 %.");
    assertThat(h.next().get(0))
        .isEqualTo("team-checkout (#checkout-oncall) takes the change back to stage early.");
  }

  @Test
  void severalTreatments_areNamedOneByOne() {
    spec = SampleRollout.withTreatments(List.of("red", "blue"));
    estimates.add(
        SampleRollout.with(
            row("conversion", "all", "*", Purpose.SUCCESS, -0.005, 0.002, 0.05, 3), "blue"));
    estimates.add(
        SampleRollout.with(
            row("conversion", "all", "*", Purpose.SUCCESS, 0.001, 0.002, 0.05, 0), "red"));
    events.add(event(RolloutEvent.Kind.STAGE_ENTERED, "half"));
    events.add(event(RolloutEvent.Kind.COMPLETED, ""));
    Headline h = headline(signal(Verdict.ADVANCE, null, List.of()));
    assertThat(h.tone()).isEqualTo("bad");
    assertThat(plain(h.sentence()))
        .endsWith(
            "; no clear difference in conversion with red: anything from 2 % lower to 6 % higher is"
                + " still plausible; conversion with blue got worse: about 10 % lower (plausibly"
                + " between 6 % and 14 % lower).");
    assertThat(plain(h.certainty()))
        .isEqualTo("The range holds with 95 % confidence however often one looks.");
    assertThat(h.uncertain())
        .contains("Whether conversion with red changed at all: no difference is still plausible.");
    assertThat(h.worth())
        .startsWith(
            "The effect on revenue with red cannot be said yet.",
            "The effect on revenue with blue cannot be said yet.");
  }

  @Test
  void rollback_namesTheTreatmentThatHurts() {
    spec = SampleRollout.withTreatments(List.of("red", "blue"));
    estimates.add(
        SampleRollout.with(row("revenue", "all", "*", Purpose.HARM, -0.6, 0.3, 5.0, 12), "blue"));
    Headline h = headline(signal(Verdict.ROLLBACK, null, List.of()));
    assertThat(plain(h.sentence()))
        .isEqualTo(
            "Take “checkout-v2” back: revenue with blue got worse: about 12 % lower (plausibly"
                + " between 6 % and 18 % lower).");
  }

  @Test
  void rollback_withoutItsRows_usesTheReason() {
    Headline h = headline(signal(Verdict.ROLLBACK, null, List.of()));
    assertThat(h.sentence()).isEqualTo("Take “checkout-v2” back: the reason.");
  }

  @Test
  void advance_saysHowFarAndWhatIsKnown() {
    estimates.add(row("conversion", "all", "*", Purpose.SUCCESS, 0.001, 0.002, 0.05, 0.1));
    Headline h = headline(signal(Verdict.ADVANCE, 10.0, List.of()));
    assertThat(h.tone()).isEqualTo("good");
    assertThat(plain(h.sentence()))
        .isEqualTo(
            "Raise “checkout-v2” to 10 % of traffic: what must not get worse was shown to stay"
                + " within the agreed limits, and no clear difference in conversion: anything from"
                + " 2 % lower to 6 % higher is still plausible.");
  }

  @Test
  void advance_lastStage_completes() {
    Headline h = headline(signal(Verdict.ADVANCE, null, List.of()));
    assertThat(h.label()).isEqualTo("Complete");
    assertThat(h.sentence()).startsWith("“checkout-v2” can be completed: ");
    assertThat(h.next().get(0)).endsWith("completes the rollout.");
  }

  @Test
  void hold_saysWhatIsMissing() {
    Headline h = headline(signal(Verdict.HOLD, null, List.of("200 units per variant")));
    assertThat(plain(h.sentence()))
        .startsWith(
            "Leave “checkout-v2” as it is, at 1 % of traffic (stage canary): still missing is 200"
                + " units per variant; ");
    assertThat(h.tone()).isEqualTo("wait");
  }

  @Test
  void hold_afterReview_saysWhyTheReviewIsOver() {
    Reason late = new Reason("LATE_SHARE", "2 % came late.", "", "");
    Reason units = new Reason("MIN_UNITS", "few units", "", "");
    GateSignal review = said(Verdict.REVIEW, END - SampleRollout.HOUR, List.of(late, units));
    GateSignal gone = said(Verdict.HOLD, END, List.of(units));
    assertThat(plain(headline(review, gone).sentence()))
        .contains(
            "few units; what was to be looked at until 4 Mar 2026 07:00 UTC (LATE_SHARE) is no"
                + " longer found; ");
    GateSignal still = said(Verdict.HOLD, END, List.of(late, units));
    assertThat(plain(headline(review, still).sentence())).contains("(LATE_SHARE) stops nothing");
    events.add(approval(END - 2 * SampleRollout.HOUR));
    events.add(
        RolloutEvent.bare(
            "again",
            END - 3 * SampleRollout.HOUR / 2,
            SampleRollout.ID,
            RolloutEvent.Kind.STAGE_ENTERED,
            "canary"));
    assertThat(headline(review, still).sentence()).doesNotContain("was approved");
    events.add(approval(END - 1));
    assertThat(plain(headline(review, still).sentence())).contains("(LATE_SHARE) was approved;");
    assertThat(headline(gone).sentence()).doesNotContain("looked at");
  }

  @Test
  void what_asks_for_a_review_is_not_the_reason_that_only_tells() {
    Reason near = new Reason("HARM_NOT_YET_SHOWN", "revenue may be lower.", "", "");
    Reason late = new Reason("LATE_SHARE", "2 % came late.", "", "");
    GateSignal review = said(Verdict.REVIEW, END - SampleRollout.HOUR, List.of(near, late));
    Headline asks = headline(review);
    assertThat(asks.sentence()).endsWith("before it goes on: 2 % came late.");
    assertThat(asks.next())
        .anyMatch(step -> step.endsWith("2 % came late. (approved as LATE_SHARE)"))
        .noneMatch(step -> step.contains("approved as HARM_NOT_YET_SHOWN"));
    GateSignal hold = said(Verdict.HOLD, END, List.of(near));
    assertThat(plain(headline(review, hold).sentence()))
        .contains("(LATE_SHARE) is no longer found;")
        .doesNotContain("HARM_NOT_YET_SHOWN");
  }

  private static RolloutEvent approval(long timeMs) {
    return new RolloutEvent(
        "approval-" + timeMs,
        timeMs,
        SampleRollout.ID,
        RolloutEvent.Kind.DECISION,
        "",
        "ana",
        0,
        "",
        List.of(),
        List.of(),
        "",
        "",
        new RolloutEvent.Decided("approve", List.of("LATE_SHARE"), "", ""),
        null);
  }

  private static GateSignal said(Verdict verdict, long boundaryMs, List<Reason> reasons) {
    return SampleRollout.signal(
        verdict, 0, "canary", 1, boundaryMs, reasons, null, List.of("few units"));
  }

  @Test
  void review_asksAPersonByWhen() {
    Headline h = headline(signal(Verdict.REVIEW, null, List.of()));
    assertThat(h.tone()).isEqualTo("look");
    assertThat(plain(h.sentence()))
        .isEqualTo(
            "Someone must look at “checkout-v2”, at 1 % of traffic (stage canary), before it goes"
                + " on: the reason.");
    assertThat(h.next()).anyMatch(s -> s.startsWith("An answer is due by 4 Mar 2026"));
  }

  @Test
  void completed_withHarmfulEffect_isNotCalledGood() {
    events.add(event(RolloutEvent.Kind.STAGE_ENTERED, "full"));
    events.add(event(RolloutEvent.Kind.COMPLETED, ""));
    estimates.add(row("conversion", "all", "*", Purpose.SUCCESS, -0.005, 0.002, 0.05, 3));
    Headline h = headline(signal(Verdict.ADVANCE, null, List.of()));
    assertThat(h.tone()).isEqualTo("bad");
    assertThat(plain(h.sentence()))
        .isEqualTo(
            "“checkout-v2” was completed on 4 Mar 2026 08:00 UTC at 100 % of traffic; conversion got"
                + " worse: about 10 % lower (plausibly between 6 % and 14 % lower).");
  }

  @Test
  void rolledBackByAPerson_saysThatTidegateDidNotAsk() {
    events.add(event(RolloutEvent.Kind.STAGE_ENTERED, "canary"));
    events.add(event(RolloutEvent.Kind.ROLLED_BACK, ""));
    Headline h = headline(signal(Verdict.HOLD, null, List.of()));
    assertThat(h.sentence()).contains("was rolled back", "Tidegate had not asked for it");
  }

  private Headline headline(GateSignal... signals) {
    ReportData data =
        ReportData.judged(
            spec, Resolved.NONE, "", 1, END, events, List.of(signals), estimates, List.of());
    return new Headlines(data).write(Map.of());
  }

  private static GateSignal signal(Verdict verdict, Double next, List<String> missing) {
    return SampleRollout.signal(
        verdict,
        0,
        "canary",
        1,
        END,
        List.of(new Reason("CODE", "the reason.", "", "")),
        next,
        missing);
  }

  private static RolloutEvent event(RolloutEvent.Kind kind, String stage) {
    return RolloutEvent.bare("e" + kind, END, SampleRollout.ID, kind, stage);
  }

  private static Estimate row(
      String metric,
      String dimension,
      String segment,
      Purpose purpose,
      double effect,
      double half,
      double control,
      double eValueLog) {
    return SampleRollout.row(
        0, END, metric, dimension, segment, purpose, effect, half, control, 5_000, eValueLog);
  }

  private static Contrast contrast(String metric, double control, double effect, double half) {
    return Contrast.of(
        metric(metric), "", row(metric, "all", "*", Purpose.SUCCESS, effect, half, control, 1));
  }

  private static Contrast withoutRelative(Contrast c, Double lower, Double upper) {
    return new Contrast(
        c.metric(),
        "",
        "all",
        "*",
        c.effect(),
        lower,
        upper,
        null,
        null,
        null,
        0.05,
        true,
        false,
        "");
  }

  private static io.tidegate.model.Metric metric(String name) {
    return SampleRollout.spec().metric(name);
  }

  private static String plain(String text) {
    return text.replace('\u00a0', ' ');
  }
}
