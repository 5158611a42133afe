package io.tidegate.cli;

import io.tidegate.analysis.judge.Judge;
import io.tidegate.analysis.judge.JudgePlan;
import io.tidegate.analysis.judge.JudgeRow;
import io.tidegate.analysis.judge.Judgement;
import io.tidegate.model.Reason;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidegate judge}: always-valid verdicts on aggregates from a warehouse. */
@Command(
    name = "judge",
    mixinStandardHelpOptions = true,
    description = {
      "Judges aggregates in time order: one always-valid verdict for each treatment after each"
          + " period.",
      "Columns: test, metric, kind (binary|count|real), time, variant, n, and mean and variance, or"
          + " successes for binary. A row is its period's new units; the same test, metric, time"
          + " and variant again replaces. A period is a stratum; one that lacks a variant is"
          + " skipped and named.",
      "Every option but --cumulative and --output may instead be a column of its name."
    })
public final class JudgeCommand implements Callable<Integer> {

  private static final long PROGRESS_ROWS = 1_000_000;

  @Parameters(paramLabel = "FILE", description = "A CSV file with a header; .gz is unpacked.")
  private Path file;

  @Option(names = "--cumulative", description = "Rows are running totals, not new units.")
  private boolean cumulative;

  @Mixin private JudgeOptions options;
  @Mixin private OutputOption output;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  public JudgeCommand() {}

  @Override
  public Integer call() {
    options.check();
    RowProblems problems = new RowProblems(file.toString());
    JudgePlan plan = new JudgePlan();
    read(
        problems,
        "checked",
        (row, number) ->
            plan.look(row)
                .ifPresent(
                    expected ->
                        problems.add(
                            number,
                            "",
                            row.test() + ", " + row.metric() + ", " + row.variant(),
                            expected)));
    problems.throwIfAny();
    plan.problems().forEach(p -> problems.add("", p, "a control and a treatment; see --control"));
    problems.throwIfAny();
    try (ResultStream results = new ResultStream(output, "reasons", COLUMNS)) {
      Judge judge = new Judge(plan, cumulative, judgement -> write(results, judgement));
      read(problems, "judged", (row, number) -> judge.accept(row));
      judge.finish();
    }
    return Tidegate.OK;
  }

  private void read(RowProblems problems, String done, BiConsumer<JudgeRow, Long> sink) {
    try (CsvRows rows = new CsvRows(file)) {
      JudgeColumns columns = new JudgeColumns(rows, options, problems);
      long count = 0;
      while (rows.next()) {
        columns.row().ifPresent(row -> sink.accept(row, rows.number()));
        if (++count % PROGRESS_ROWS == 0) {
          output.err().println(count + " rows " + done);
        }
      }
      if (count == 0) {
        problems.add("", "a header alone", "rows");
      }
    }
  }

  private static final String[] COLUMNS = {
    "test",
    "metric",
    "time",
    "treatment_variant_id",
    "verdict",
    "reasons",
    "control",
    "treatment",
    "effect_size",
    "effect_size_lower",
    "effect_size_upper",
    "rel_effect_size",
    "rel_effect_size_lower",
    "rel_effect_size_upper",
    "e_value_log",
    "p_value",
    "units_control",
    "units_treatment"
  };

  private static void write(ResultStream results, Judgement j) {
    results.row(
        j.test(),
        j.metric(),
        j.time(),
        j.treatmentVariant(),
        j.verdict().name(),
        new Reasons(j.reasons()),
        j.control(),
        j.treatment(),
        j.effectSize(),
        j.effectSizeLower(),
        j.effectSizeUpper(),
        j.relEffectSize(),
        j.relEffectSizeLower(),
        j.relEffectSizeUpper(),
        j.eValueLog(),
        j.pValue(),
        j.unitsControl(),
        j.unitsTreatment());
  }

  private record Reasons(List<Reason> reasons) implements ResultStream.Nested {

    @Override
    public Object json() {
      return reasons.stream().map(Reasons::object).toList();
    }

    private static Map<String, String> object(Reason reason) {
      Map<String, String> object = new LinkedHashMap<>();
      object.put("code", reason.code());
      object.put("sentence", reason.sentence());
      object.put("observed", reason.observed());
      object.put("threshold", reason.threshold());
      return object;
    }

    @Override
    public String toString() {
      return reasons.stream()
          .map(r -> r.code() + ": " + r.sentence())
          .collect(Collectors.joining("; "));
    }
  }
}
