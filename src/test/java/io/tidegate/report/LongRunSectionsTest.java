package io.tidegate.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.model.Better;
import io.tidegate.model.Censoring;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.ImpactEstimate.Aspect;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.ReportData;
import io.tidegate.model.Role;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Value against cost and what lasts, in words. */
class LongRunSectionsTest {

  private static ReportData with(ImpactEstimate... more) {
    ReportData data = SampleRollout.rolledBack();
    List<ImpactEstimate> impacts = new ArrayList<>(data.impacts());
    impacts.addAll(List.of(more));
    return holding(impacts);
  }

  private static ReportData holding(List<ImpactEstimate> impacts) {
    ReportData data = SampleRollout.rolledBack();
    return SampleRollout.with(data.spec(), impacts, data.comparisons());
  }

  /** A row like another one, of another aspect and with another effect and half width. */
  private static ImpactEstimate row(
      String metric, Aspect aspect, int epoch, int age, double effect, double half) {
    return row(metric, aspect, epoch, age, effect, half, Censoring.ROLLED_BACK);
  }

  static ImpactEstimate row(
      String metric,
      Aspect aspect,
      int epoch,
      int age,
      double effect,
      double half,
      Censoring censoring) {
    ImpactEstimate e = SampleRollout.impact(metric, "guardrail", 5, effect, half);
    return new ImpactEstimate(
        e.rolloutId(),
        e.attempt(),
        epoch,
        epoch < 0 ? e.stage() : "half",
        e.controlVariant(),
        e.treatmentVariant(),
        e.metric(),
        e.role(),
        e.kind(),
        e.dimension(),
        e.segment(),
        aspect,
        age,
        e.maturity(),
        censoring,
        e.censoredAtMs(),
        e.method(),
        e.alpha(),
        e.control(),
        e.treatment(),
        e.effectSize(),
        e.effectSizeLower(),
        e.effectSizeUpper(),
        e.effectSizeLowerTogether(),
        e.effectSizeUpperTogether(),
        e.relEffectSize(),
        e.relEffectSizeLower(),
        e.relEffectSizeUpper(),
        e.pValue(),
        e.unitsControl(),
        e.unitsTreatment(),
        e.reason());
  }

  @Test
  void worth_setsValueAgainstCost() {
    ReportData data = with(row("revenue", Aspect.OBSERVED, 2, 0, -0.31, 0.16));
    List<String> worth =
        new Worth(data, new Findings(data))
            .sentences().stream().map(LongRunSectionsTest::plain).toList();
    assertThat(worth)
        .anyMatch(
            s ->
                s.matches(
                    "After (support 360 EUR|compute 240 EUR) . (support 360 EUR|compute 240 EUR),"
                        + " .* nets −9,311 EUR .*range.*"));
    assertThat(worth)
        .anyMatch(s -> s.startsWith("It has not paid for its own running in"))
        .anyMatch(s -> s.endsWith("range not yet, at the worse end not yet)."));
    assertThat(worth)
        .anyMatch(
            s ->
                s.startsWith("Given to everyone it would bring about −")
                    && s.contains("waiting saves 1,452 EUR"));
  }

  @Test
  void worth_convertsACostAtTheMetricsRate_orSaysThatThereIsNone() {
    MetricKind.Sum euros = (MetricKind.Sum) SampleRollout.spec().metric("revenue").kind();
    ImpactEstimate effect = row("revenue", Aspect.OBSERVED, -1, 0, -0.31, 0.16);
    Metric dollars = revenueIn("USD", euros, Map.of("EUR", 1_250_000_000L));
    ReportData data = holding(List.of(effect));
    assertThat(Launch.sentences(data, dollars, effect).stream().map(LongRunSectionsTest::plain))
        .anyMatch(s -> s.contains("support 450 USD") && s.contains("compute 300 USD"));
    assertThat(Launch.sentences(data, revenueIn("USD", euros, Map.of()), effect))
        .containsExactly("Value in USD is not set against a cost in EUR: no rate is known.");
  }

  private static Metric revenueIn(String currency, MetricKind.Sum like, Map<String, Long> rates) {
    return SampleRollout.metric(
        "revenue",
        Role.GUARDRAIL,
        Better.UP,
        null,
        new MetricKind.Sum(like.outcome(), like.window(), like.capMicros(), currency, rates));
  }

  @Test
  void worth_saysWhereTheCostCeasesToCount() {
    ReportData data =
        holding(List.of(row("revenue", Aspect.OBSERVED, -1, 0, -0.31, 0.16, Censoring.NO_CONTROL)));
    assertThat(new Worth(data, new Findings(data)).sentences())
        .anyMatch(s -> plain(s).contains(" EUR until no control was left, revenue nets "));
  }

  @Test
  void durability_namesThePatternWithItsFigures() {
    ReportData data =
        with(
            row("revenue", Aspect.EARLY, -1, 24, 0.5, 0.1),
            row("revenue", Aspect.LATE, -1, 24, -0.4, 0.1),
            row("revenue", Aspect.CHANGE, -1, 24, -0.9, 0.1),
            row("revenue", Aspect.PROJECTED, -1, 28, -1.5, 0.4));
    Page.Section section = DurabilitySection.of(data, new Findings(data));
    assertThat(section.tables()).hasSize(2);
    assertThat(section.tables().get(0).rows())
        .singleElement()
        .satisfies(
            row ->
                assertThat(row).contains("24", "pulled forward: what came early is missing later"));
    assertThat(plain(String.join("|", section.tables().get(1).rows().get(0))))
        .contains("28", "−1.5 EUR", "[−1.9 EUR, −1.1 EUR]");
    assertThat(Report.html(data)).contains("Does it last?", "pulled forward");
  }

  @Test
  void calendar_drawsEveryWeekAndSaysInHowManyOneIsSeen() {
    int monday = (int) LocalDate.parse("2026-03-02").toEpochDay();
    ReportData data =
        holding(
            List.of(
                row("revenue", Aspect.CALENDAR, 2, monday, 9, 1),
                row("revenue", Aspect.CALENDAR, -1, monday, 0.5, 0.2),
                row("revenue", Aspect.CALENDAR, -1, monday + 7, 0.1, 0.2),
                row("revenue", Aspect.CALENDAR, -1, monday + 14, -0.4, 0.3)));
    Page.Section section = CalendarSection.of(data, new Findings(data));
    assertThat(plain(section.lead()))
        .isEqualTo(
            "The difference of revenue a unit and day between on and control, stage (all), was"
                + " +0.5 EUR in the week from 2026-03-02 and −0.4 EUR in that from 2026-03-16; the"
                + " range of the week leaves 0 upwards in 1 of 3 weeks and downwards in 1.");
    assertThat(section.charts())
        .singleElement()
        .satisfies(
            chart -> {
              assertThat(chart.spec()).contains("2026-03-09");
              assertThat(chart.table().rows()).hasSize(3);
              assertThat(plain(String.join("|", chart.table().rows().get(2))))
                  .startsWith("on|2026-03-16|")
                  .contains("|−0.4 EUR|[−0.7 EUR, −0.1 EUR]|");
            });
    assertThat(Report.html(data)).contains("Was it the same from week to week?");
  }

  @Test
  void after_saysWhetherTheDifferencePersists() {
    ImpactEstimate late = row("revenue", Aspect.LATE, -1, 12, -0.5, 0.1);
    assertThat(after(late, row("revenue", Aspect.AFTER, -1, 9, -0.3, 0.1)))
        .isEqualTo(
            "In the 9 days after the end the difference persists in revenue of on: −0.3 EUR a unit"
                + " and day, [−0.4 EUR, −0.2 EUR].");
    assertThat(after(late, row("revenue", Aspect.AFTER, -1, 9, -0.05, 0.1)))
        .contains("the difference is no longer seen in revenue");
    assertThat(after(late, row("revenue", Aspect.AFTER, -1, 9, 0.3, 0.1)))
        .contains("the difference has turned in revenue");
    assertThat(after(row("revenue", Aspect.AFTER, -1, 1, 0.3, 0.1)))
        .startsWith("In the 1 day after the end a difference is seen in revenue");
    assertThat(
            after(late, row("revenue", Aspect.AFTER, -1, 9, 0, 1).unsaid("no control is left: so")))
        .isEqualTo("Cannot say: no control is left: so.");
    ReportData data = with(late, row("revenue", Aspect.AFTER, -1, 9, -0.3, 0.1));
    assertThat(AfterSection.of(data, new Findings(data)).orElseThrow().charts())
        .singleElement()
        .satisfies(chart -> assertThat(chart.table().rows()).hasSize(2))
        .satisfies(
            chart -> assertThat(chart.spec()).contains("after it ended").doesNotContain("$"));
    assertThat(Report.html(data)).contains("What is left of it after the end?");
    ReportData none = holding(List.of());
    assertThat(AfterSection.of(none, new Findings(none))).isEmpty();
  }

  private static String after(ImpactEstimate... rows) {
    ReportData data = holding(List.of(rows));
    return plain(AfterSection.of(data, new Findings(data)).orElseThrow().lead());
  }

  @Test
  void differences_areDrawnAloneAndTogether() {
    ReportData data = SampleRollout.rolledBack();
    List<Page.Chart> charts = CurveSections.revenue(data, new Findings(data)).charts();
    Page.Chart chart =
        charts.stream()
            .filter(c -> c.title().equals("revenue, stage half: difference from control"))
            .findFirst()
            .orElseThrow();
    assertThat(chart.spec()).contains("allLower", "\"group\":\"on\"").doesNotContain("off");
    assertThat(plain(chart.summary()))
        .endsWith(
            "on ends at −0.36 EUR at age 3; the range of all ages together first leaves 0 at age 2.");
    assertThat(chart.table().rows()).hasSize(3);
    assertThat(plain(String.join("|", chart.table().rows().get(0))))
        .isEqualTo("on|1|−0.12 EUR|[−0.244 EUR, +0.00421 EUR]|[−0.281 EUR, +0.0415 EUR]|21,000");
    assertThat(CurveSections.retention(data).charts())
        .anyMatch(c -> c.title().equals("d1, stage half, by day: difference from control"));
    assertThat(CurveSections.retention(data).notes())
        .anyMatch(n -> n.contains("holds for all ages together"));
  }

  @Test
  void adjusted_statesTheVarianceSaved() {
    ReportData data = with(row("revenue", Aspect.ADJUSTED, -1, 0, -0.30, 0.08));
    Page.Section section = ImpactSection.of(data, new Findings(data));
    assertThat(section.tables()).hasSize(2);
    assertThat(plain(section.tables().get(1).rows().get(0).get(4))).isEqualTo("75 %");
  }

  @Test
  void withoutRows_itSaysSo() {
    ReportData data = SampleRollout.rolledBack();
    Page.Section section = DurabilitySection.of(data, new Findings(data));
    assertThat(section.lead())
        .isEqualTo("Half of the units of both variants have not been followed for six days yet.");
    assertThat(section.tables()).isEmpty();
    ReportData none = holding(List.of());
    assertThat(DurabilitySection.of(none, new Findings(none)).lead())
        .isEqualTo("The impact job has written nothing of this attempt yet.");
  }

  private static String plain(String text) {
    return text.replace('\u00a0', ' ');
  }
}
