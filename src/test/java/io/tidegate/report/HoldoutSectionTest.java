package io.tidegate.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.model.Censoring;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.ImpactEstimate.Aspect;
import io.tidegate.model.ReportData;
import org.junit.jupiter.api.Test;

class HoldoutSectionTest {

  @Test
  void launched_saysWhatIsSeenAndWhetherItIsFinal() {
    ReportData data = HoldoutSample.launched();
    Page.Section section = HoldoutSection.of(data, new Findings(data)).orElseThrow();
    assertThat(plain(section.lead()))
        .isEqualTo(
            "2 % of the units are held out. 40 days after the launch, of the units first seen"
                + " since: revenue got better: about 8 % higher (plausibly between 6 % and 10 %"
                + " higher). Final: the holdout ended on 8 Mar 2026 08:00 UTC.");
    assertThat(plain(String.join("|", section.tables().get(0).rows().get(0))))
        .isEqualTo(
            "revenue|on|5 EUR|5.4 EUR|+0.4 EUR|[+0.3 EUR, +0.5 EUR]|+8 %|[+6 %, +10 %]"
                + "|+12 %|[+8 %, +16 %]|28,000|28,100|mature|better");
    assertThat(Report.html(data)).contains("Shipped against held out");
  }

  @Test
  void rangeWithZero_isNoClearDifference() {
    assertThat(
            lead(
                LongRunSectionsTest.row(
                    "revenue", Aspect.HOLDOUT, 3, 1, 0.1, 0.2, Censoring.ROLLED_BACK)))
        .contains(" 1 day after the launch,", "no clear difference in any metric. Final: the roll");
  }

  @Test
  void noRow_saysThatNothingIsToBeComparedYet() {
    assertThat(lead())
        .isEqualTo(
            "2 % of the units are held out once everyone else has the change until 1 Jun 2026"
                + " 00:00 UTC. There is nothing to compare yet: no unit was first seen since the"
                + " launch.");
    ReportData none = SampleRollout.rolledBack();
    assertThat(HoldoutSection.of(none, new Findings(none))).isEmpty();
  }

  @Test
  void nothingSaid_isNotTakenForNoDifference() {
    ImpactEstimate said =
        LongRunSectionsTest.row("revenue", Aspect.HOLDOUT, 3, 1, 0.1, 0.2, Censoring.ROLLED_BACK);
    assertThat(lead(said.unsaid("12 units held out; 100 are needed")))
        .contains("nothing can be said: 12 units held out; 100 are needed. Final")
        .doesNotContain("no clear difference");
  }

  private static String lead(ImpactEstimate... rows) {
    ReportData data = HoldoutSample.with(rows);
    return plain(HoldoutSection.of(data, new Findings(data)).orElseThrow().lead());
  }

  private static String plain(String text) {
    return text.replace('\u00a0', ' ');
  }
}
