package io.tidegate.cli;

import io.tidegate.analysis.judge.LateRows;
import io.tidegate.analysis.judge.PeriodFeed;
import io.tidegate.analysis.judge.RowTime;
import io.tidegate.analysis.judge.SplitCheck;
import io.tidegate.analysis.judge.SplitResult;
import io.tidegate.analysis.judge.SplitRow;
import io.tidegate.model.UserError;
import io.tidegate.stats.Stated;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidegate srm}: whether the units of tests split as declared. */
@Command(
    name = "srm",
    mixinStandardHelpOptions = true,
    description = {
      "Says of each test in a CSV file whether its units split as declared, valid at every look.",
      "Columns: test, variant, count and optionally time; a row is a period's new units, the same"
          + " test, time and variant again replaces."
    })
public final class SrmCommand implements Callable<Integer> {

  private static final int LATE_ROWS = 500_000;
  private static final String[] REQUIRED = {"test", "variant", "count"};

  @Parameters(paramLabel = "FILE", description = "A CSV file with a header; .gz is unpacked.")
  private Path file;

  @Option(
      names = "--expected",
      paramLabel = "a=1,b=1",
      split = ",",
      description = "Declared weight of each variant (default: equal shares).")
  private Map<String, Double> expected = new LinkedHashMap<>();

  @Option(
      names = "--alpha",
      defaultValue = "0.001",
      description = "Level of a mismatch (default: ${DEFAULT-VALUE}).")
  private double alpha;

  @Mixin private OutputOption output;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  public SrmCommand() {}

  @Override
  public Integer call() {
    checkOptions();
    LateRows<SplitRow> late = new LateRows<>(LATE_ROWS);
    RowProblems problems = new RowProblems(file.toString());
    read(problems, row -> look(row, late, problems));
    problems.throwIfAny();
    SplitCheck check = new SplitCheck(expected, alpha);
    PeriodFeed<SplitRow> feed =
        new PeriodFeed<>(late, (series, time, rows) -> check.period(series.test(), rows));
    read(new RowProblems(file.toString()), feed::accept);
    feed.finish();
    print(check);
    return Tidegate.OK;
  }

  private void checkOptions() {
    RowProblems problems = new RowProblems("--expected");
    expected.forEach(
        (variant, weight) -> {
          if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
            problems.add(variant, weight.toString(), "a weight above 0");
          }
        });
    if (expected.size() == 1) {
      problems.add("", expected.toString(), "two variants or more");
    }
    problems.throwIfAny();
    if (!(alpha > 0 && alpha < 1)) {
      throw new UserError("--alpha", "", Double.toString(alpha), "a level between 0 and 1");
    }
  }

  private void look(SplitRow row, LateRows<SplitRow> late, RowProblems problems) {
    if (!late.look(row)) {
      problems.add("test " + row.test(), row.time().text(), "rows in time order");
    }
  }

  private void read(RowProblems problems, Consumer<SplitRow> sink) {
    try (CsvRows rows = new CsvRows(file)) {
      for (String column : REQUIRED) {
        if (!rows.has(column)) {
          problems.add(1, "", String.join(",", rows.header()), "a column named " + column);
        }
      }
      problems.throwIfAny();
      TimeColumn times = new TimeColumn(rows, problems);
      long read = 0;
      while (rows.next()) {
        row(rows, times, problems).ifPresent(sink);
        if (++read % 1_000_000 == 0) {
          output.err().println(read + " rows read");
        }
      }
      if (read == 0) {
        problems.add("", "a header alone", "rows");
      }
    }
  }

  private Optional<SplitRow> row(CsvRows rows, TimeColumn times, RowProblems problems) {
    long before = problems.count();
    String test = rows.text("test");
    String variant = rows.text("variant");
    long row = rows.number();
    if (test == null) {
      problems.add(row, "test", null, "the name of a test");
    }
    if (variant == null) {
      problems.add(row, "variant", null, "the name of a variant");
    } else if (!expected.isEmpty() && !expected.containsKey(variant)) {
      problems.add(row, "variant", variant, "one of --expected " + expected.keySet());
    }
    Long count = Cells.count(rows, "count", problems);
    RowTime time = rows.has("time") ? times.read() : RowTime.NONE;
    if (problems.count() > before
        || test == null
        || variant == null
        || count == null
        || time == null) {
      return Optional.empty();
    }
    return Optional.of(new SplitRow(test, time, variant, count));
  }

  private void print(SplitCheck check) {
    try (ResultStream results =
        new ResultStream(
            output, "test", "n", "e_value_log", "p_value", "p_value_chisq", "verdict")) {
      for (SplitResult r : check.results()) {
        results.row(
            r.test(),
            r.units(),
            number(r, SplitResult.Evidence::logE),
            number(r, SplitResult.Evidence::pValue),
            number(r, SplitResult.Evidence::chiSquarePValue),
            r.verdict());
      }
    }
  }

  private static @Nullable Double number(
      SplitResult result, java.util.function.Function<SplitResult.Evidence, Double> field) {
    return result.evidence() instanceof Stated.Value<SplitResult.Evidence> e
        ? field.apply(e.value())
        : null;
  }
}
