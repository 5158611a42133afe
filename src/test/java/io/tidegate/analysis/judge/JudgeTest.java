package io.tidegate.analysis.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.model.Better;
import io.tidegate.model.Margin;
import io.tidegate.model.Reason;
import io.tidegate.model.Verdict;
import io.tidegate.stats.sequence.LabelStratum;
import io.tidegate.stats.sequence.LabelTest;
import io.tidegate.stats.sequence.Side;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class JudgeTest {

  private static final JudgeSettings UP = settings(Better.UP, Margin.relative(0.1));
  private static final JudgeSettings DOWN = settings(Better.DOWN, Margin.relative(0.1));

  private static JudgeSettings settings(Better better, Margin margin) {
    return new JudgeSettings("A", better, 0.05, 0.01, margin, margin);
  }

  private static RowTime at(int t) {
    return RowTime.parse(Integer.toString(t)).orElseThrow();
  }

  private static List<JudgeRow> binary(
      JudgeSettings how, int periods, int units, double rateA, double rateB, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<JudgeRow> rows = new ArrayList<>();
    for (int t = 1; t <= periods; t++) {
      rows.add(JudgeRow.binary("t", "m", at(t), "A", units, draw(random, units, rateA), how));
      rows.add(JudgeRow.binary("t", "m", at(t), "B", units, draw(random, units, rateB), how));
    }
    return rows;
  }

  private static long draw(SplittableRandom random, int units, double rate) {
    return random.doubles(units).filter(u -> u < rate).count();
  }

  private static List<Judgement> judge(List<JudgeRow> rows, boolean cumulative) {
    JudgePlan plan = new JudgePlan();
    rows.forEach(r -> assertThat(plan.look(r)).isEmpty());
    assertThat(plan.problems()).isEmpty();
    List<Judgement> out = new ArrayList<>();
    Judge judge = new Judge(plan, cumulative, out::add);
    rows.forEach(judge::accept);
    judge.finish();
    return out;
  }

  private static Judgement last(List<Judgement> all) {
    return all.get(all.size() - 1);
  }

  @Test
  void judge_rollsBackGrossHarmAndLatches() {
    List<Judgement> out = judge(binary(UP, 30, 500, 0.2, 0.12, 1), false);
    assertThat(out).hasSize(30);
    assertThat(out.get(0).verdict()).isEqualTo(Verdict.HOLD);
    assertThat(last(out).verdict()).isEqualTo(Verdict.ROLLBACK);
    assertThat(last(out).reasons().get(0).code()).isEqualTo("HARM_BEYOND_ROLLBACK");
    int first = out.stream().map(Judgement::verdict).toList().indexOf(Verdict.ROLLBACK);
    assertThat(out.subList(first, 30)).allMatch(j -> j.verdict() == Verdict.ROLLBACK);
    assertThat(last(out).reasons().get(0).sentence()).contains("shown at " + (first + 1));
  }

  @Test
  void judge_advancesWhenHarmBeyondTheMarginIsRuledOut() {
    Judgement j = last(judge(binary(UP, 40, 2000, 0.2, 0.2, 2), false));
    assertThat(j.verdict()).isEqualTo(Verdict.ADVANCE);
    assertThat(j.effectSizeLower()).isLessThan(j.effectSize());
    assertThat(j.unitsControl()).isEqualTo(80_000);
  }

  @Test
  void judge_reviewsHarmWithinTolerance() {
    JudgeSettings lax = settings(Better.UP, Margin.relative(0.5));
    Judgement j = last(judge(binary(lax, 40, 2000, 0.2, 0.17, 3), false));
    assertThat(j.verdict()).isEqualTo(Verdict.REVIEW);
    assertThat(j.reasons().get(0).code()).isEqualTo("HARM_WITHIN_TOLERANCE");
  }

  @Test
  void judge_rareErrorsByTheLabelTest() {
    List<Judgement> out = judge(binary(DOWN, 20, 1000, 0.001, 0.006, 4), false);
    assertThat(last(out).verdict()).isEqualTo(Verdict.ROLLBACK);
    assertThat(last(out).relEffectSizeLower()).isPositive();
  }

  @Test
  void judge_anErrorThatNeverHappensPassesAnAbsoluteMargin() {
    JudgeSettings how = settings(Better.DOWN, new Margin(null, 0.0011));
    List<Judgement> out = judge(binary(how, 9, 1000, 0, 0, 5), false);
    assertThat(out.get(6).verdict()).isEqualTo(Verdict.HOLD);
    assertThat(out.get(7).verdict()).isEqualTo(Verdict.ADVANCE);
    assertThat(last(out).relEffectSize()).isNull();
  }

  @Test
  void judge_isTheSameForAnyOrderOfRows() {
    List<JudgeRow> rows = new ArrayList<>(binary(UP, 30, 200, 0.2, 0.18, 6));
    List<JudgeRow> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(6));
    assertThat(judge(shuffled, false)).isEqualTo(judge(rows, false));
  }

  @Test
  void judge_aRepeatedRowReplaces() {
    List<JudgeRow> rows = binary(UP, 10, 500, 0.2, 0.2, 7);
    List<JudgeRow> wrong = new ArrayList<>(rows);
    wrong.set(5, JudgeRow.binary("t", "m", at(3), "B", 500, 1, UP));
    wrong.add(6, JudgeRow.binary("t", "m", at(3), "B", 500, 2, UP));
    wrong.add(rows.get(5));
    assertThat(judge(wrong, false)).isEqualTo(judge(rows, false));
  }

  @Test
  void judge_runningTotalsGiveTheSame() {
    List<JudgeRow> rows = binary(UP, 10, 500, 0.2, 0.18, 8);
    List<JudgeRow> totals = new ArrayList<>();
    long[] successes = new long[2];
    for (int i = 0; i < rows.size(); i++) {
      JudgeRow r = rows.get(i);
      successes[i % 2] += Math.round(r.total());
      long units = 500L * (i / 2 + 1);
      totals.add(JudgeRow.binary("t", "m", r.time(), r.variant(), units, successes[i % 2], UP));
    }
    assertThat(judge(totals, true)).isEqualTo(judge(rows, false));
  }

  @Test
  void judge_runningTotalsOfRealValues() {
    List<JudgeRow> rows = new ArrayList<>();
    double[] data = new SplittableRandom(9).doubles(4000, 1e6, 1e6 + 5).toArray();
    for (int t = 1; t <= 10; t++) {
      rows.add(total(data, 0, t, "A"));
      rows.add(total(data, 2000, t, "B"));
    }
    Judgement j = last(judge(rows, true));
    assertThat(j.reasons()).extracting(Reason::code).doesNotContain("TOTALS_MOVED");
    double expected = rows.get(19).mean() - rows.get(18).mean();
    assertThat(j.effectSize()).isCloseTo(expected, within(1e-6));
  }

  private static JudgeRow total(double[] data, int from, int t, String variant) {
    double mean = 0;
    double squares = 0;
    int n = 200 * t;
    for (int i = 0; i < n; i++) {
      double gap = data[from + i] - mean;
      mean += gap / (i + 1);
      squares += gap * (data[from + i] - mean);
    }
    return new JudgeRow("t", "m", ValueKind.REAL, at(t), variant, n, mean, squares / (n - 1), UP);
  }

  @Test
  void judge_totalsThatFallAreNamedAndNotUsed() {
    List<JudgeRow> rows =
        List.of(
            JudgeRow.binary("t", "m", at(1), "A", 500, 100, UP),
            JudgeRow.binary("t", "m", at(1), "B", 500, 100, UP),
            JudgeRow.binary("t", "m", at(2), "A", 400, 100, UP),
            JudgeRow.binary("t", "m", at(2), "B", 900, 180, UP));
    Judgement j = last(judge(rows, true));
    assertThat(j.unitsTreatment()).isEqualTo(500);
    assertThat(j.reasons()).extracting(Reason::code).contains("TOTALS_MOVED", "STRATUM_SKIPPED");
  }

  @Test
  void judge_aPeriodThatLacksAVariantIsSkippedAndNamed() {
    List<JudgeRow> rows = new ArrayList<>(binary(UP, 3, 500, 0.2, 0.2, 10));
    rows.remove(2);
    List<Judgement> out = judge(rows, false);
    assertThat(out.get(1).reasons())
        .extracting(Reason::sentence)
        .contains("2 has no units of A: not used");
    assertThat(last(out).unitsTreatment()).isEqualTo(1000);
  }

  @Test
  void judge_zeroVarianceCannotBeSaid() {
    List<JudgeRow> rows =
        List.of(
            new JudgeRow("t", "m", ValueKind.REAL, at(1), "A", 500, 3, 0, UP),
            new JudgeRow("t", "m", ValueKind.REAL, at(1), "B", 500, 3, 0, UP));
    Judgement j = last(judge(rows, false));
    assertThat(j.verdict()).isEqualTo(Verdict.HOLD);
    assertThat(j.reasons().get(0).code()).isEqualTo("ZERO_VARIANCE");
    assertThat(j.pValue()).isNull();
  }

  @Test
  void plan_namesMetricsWithoutControlOrTreatment() {
    JudgePlan plan = new JudgePlan();
    assertThat(plan.look(JudgeRow.binary("t", "m", at(1), "X", 5, 1, UP))).isEmpty();
    assertThat(plan.look(JudgeRow.binary("t", "k", at(1), "A", 5, 1, UP))).isEmpty();
    assertThat(plan.look(JudgeRow.binary("t", "k", at(1), "B", 5, 1, DOWN)))
        .hasValue("the same settings as in the metric's earlier rows");
    assertThat(plan.problems())
        .containsExactly(
            "test t, metric m: variants [X] lack the control A",
            "test t, metric k: variants [A] have no treatment");
  }

  @Test
  void labelStrata_manySharesAreJoinedWithoutLoss() {
    LabelStrata joined = new LabelStrata();
    List<LabelStratum> exact = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 3000; i++) {
      long a = random.nextLong(90, 111);
      long b = random.nextLong(90, 111);
      long eventsB = random.nextInt(3);
      joined.add(a, 1, b, eventsB);
      exact.add(new LabelStratum((double) b / (a + b), 1, eventsB));
    }
    assertThat(joined.strata().size()).isLessThan(LabelStrata.MANY);
    LabelTest fromJoined = LabelTest.of(joined.strata(), 0, 0.05);
    LabelTest fromAll = LabelTest.of(exact, 0, 0.05);
    assertThat(fromJoined.events()).isEqualTo(fromAll.events());
    assertThat(fromJoined.logE(Side.TWO)).isCloseTo(fromAll.logE(Side.TWO), within(0.01));
    assertThat(fromJoined.ratio().lower()).isCloseTo(fromAll.ratio().lower(), within(1e-4));
  }

  @Test
  void times_areReadAndOrdered() {
    assertThat(RowTime.parse("2024-01-02").orElseThrow())
        .isEqualTo(RowTime.parse("2024-01-02T01:00:00+01:00").orElseThrow())
        .isEqualTo(RowTime.parse("2024-01-02 00:00:00").orElseThrow());
    assertThat(RowTime.parse("2024-13-02")).isEmpty();
    assertThat(RowTime.parse("soon")).isEmpty();
    assertThat(at(9)).isLessThan(at(10));
  }
}
