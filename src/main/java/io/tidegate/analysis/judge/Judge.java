package io.tidegate.analysis.judge;

import io.tidegate.analysis.judge.TimedRow.Series;
import io.tidegate.model.Reason;
import io.tidegate.model.Verdict;
import io.tidegate.stats.Stated;
import io.tidegate.stats.sequence.Interval;
import io.tidegate.stats.sequence.LabelTest;
import io.tidegate.stats.sequence.LogScale;
import io.tidegate.stats.sequence.MeanContrast;
import io.tidegate.stats.sequence.MeanEvidence;
import io.tidegate.stats.sequence.Side;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The second reading of a file of aggregates: a verdict for each treatment after each period. Each
 * period is a stratum with Mantel–Haenszel weight; one that lacks a variant is skipped and named.
 * Memory grows with the number of tests, metrics and variants, not with that of rows.
 */
public final class Judge {

  private final JudgePlan plan;
  private final boolean cumulative;
  private final Consumer<Judgement> out;
  private final PeriodFeed<JudgeRow> feed;
  private final Map<Series, Map<String, Comparison>> comparisons = new HashMap<>();
  private final Map<Series, Map<String, RunningTotals>> totals = new HashMap<>();

  /**
   * A judge of the input that {@code plan} has read.
   *
   * @param cumulative rows are running totals rather than new units
   */
  public Judge(JudgePlan plan, boolean cumulative, Consumer<Judgement> out) {
    this.plan = plan;
    this.cumulative = cumulative;
    this.out = out;
    this.feed = new PeriodFeed<>(plan.late(), this::period);
  }

  /** The next row. */
  public void accept(JudgeRow row) {
    feed.accept(row);
  }

  /** Ends the input. */
  public void finish() {
    feed.finish();
  }

  private void period(Series series, RowTime time, Map<String, JudgeRow> given) {
    List<Reason> notes = new ArrayList<>();
    Map<String, JudgeRow> rows = cumulative ? added(series, time, given, notes) : given;
    JudgeRow any = given.values().iterator().next();
    JudgeSettings settings = any.settings();
    Map<String, Comparison> known = comparisons.computeIfAbsent(series, s -> new LinkedHashMap<>());
    for (String variant : rows.keySet()) {
      if (!variant.equals(settings.control())) {
        known.computeIfAbsent(variant, v -> new Comparison(any.kind(), settings));
      }
    }
    JudgePolicy policy = new JudgePolicy(settings, plan.alphaHarm(series, settings));
    JudgeRow control = present(rows.get(settings.control()));
    known.forEach(
        (variant, comparison) -> {
          List<Reason> reasons = new ArrayList<>(notes);
          JudgeRow treatment = present(rows.get(variant));
          if (control != null && treatment != null) {
            comparison.add(control, treatment);
          } else {
            reasons.add(skipped(time, control == null ? settings.control() : variant));
          }
          JudgePolicy.Outcome outcome = policy.judge(comparison, time.text());
          reasons.addAll(0, outcome.reasons());
          out.accept(judgement(series, time, variant, outcome.verdict(), reasons, comparison));
        });
  }

  private static @Nullable JudgeRow present(@Nullable JudgeRow row) {
    return row == null || row.units() == 0 ? null : row;
  }

  private Map<String, JudgeRow> added(
      Series series, RowTime time, Map<String, JudgeRow> given, List<Reason> notes) {
    Map<String, JudgeRow> rows = new LinkedHashMap<>();
    Map<String, RunningTotals> running = totals.computeIfAbsent(series, s -> new HashMap<>());
    given.forEach(
        (variant, row) -> {
          Optional<JudgeRow> next =
              running.computeIfAbsent(variant, v -> new RunningTotals()).next(row);
          next.ifPresent(r -> rows.put(variant, r));
          if (next.isEmpty()) {
            String what = "the running totals of " + variant + " did not grow by whole units at ";
            notes.add(new Reason("TOTALS_MOVED", what + time.text() + ": not used", "", ""));
          }
        });
    return rows;
  }

  private static Reason skipped(RowTime time, String lacking) {
    return new Reason(
        "STRATUM_SKIPPED", time.text() + " has no units of " + lacking + ": not used", "", "");
  }

  private static Judgement judgement(
      Series series,
      RowTime time,
      String variant,
      Verdict verdict,
      List<Reason> reasons,
      Comparison comparison) {
    Stated<MeanContrast> moments = comparison.moments();
    Stated<MeanEvidence> mean = comparison.difference();
    Stated<LabelTest> label = comparison.labelTest();
    boolean labels = comparison.judgedByLabels();
    Stated<Interval> relative =
        labels
            ? label.map(LabelTest::ratio).map(r -> new Interval(r.lower() - 1, r.upper() - 1))
            : mean.flatMap(MeanEvidence::relativeInterval);
    Stated<Double> logE = labels ? label.map(LabelTest::logETwo) : mean.map(e -> e.logE(Side.TWO));
    return new Judgement(
        series.test(),
        series.metric(),
        time.text(),
        variant,
        verdict,
        reasons,
        number(moments, MeanContrast::control),
        number(moments, MeanContrast::treatment),
        number(moments, MeanContrast::difference),
        number(mean, e -> e.interval().lower()),
        number(mean, e -> e.interval().upper()),
        number(moments, c -> c.control() > 0 ? c.difference() / c.control() : Double.NaN),
        number(relative, Interval::lower),
        number(relative, Interval::upper),
        number(logE, e -> e),
        number(logE, LogScale::pValue),
        comparison.unitsControl(),
        comparison.unitsTreatment());
  }

  private static <T> @Nullable Double number(Stated<T> stated, Function<T, Double> field) {
    if (!(stated instanceof Stated.Value<T> v)) {
      return null;
    }
    double number = field.apply(v.value());
    return Double.isFinite(number) ? number : null;
  }
}
