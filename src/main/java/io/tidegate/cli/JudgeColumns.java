package io.tidegate.cli;

import io.tidegate.analysis.judge.JudgeRow;
import io.tidegate.analysis.judge.JudgeSettings;
import io.tidegate.analysis.judge.RowTime;
import io.tidegate.analysis.judge.ValueKind;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the rows of {@code judge}; everything wrong with a row is reported. */
final class JudgeColumns {

  private static final String[] REQUIRED = {"test", "metric", "kind", "time", "variant", "n"};

  private final CsvRows rows;
  private final JudgeOptions options;
  private final RowProblems problems;
  private final TimeColumn times;

  /** A {@link io.tidegate.model.UserError} where a column is missing. */
  JudgeColumns(CsvRows rows, JudgeOptions options, RowProblems problems) {
    this.rows = rows;
    this.options = options;
    this.problems = problems;
    this.times = new TimeColumn(rows, problems);
    String header = String.join(",", rows.header());
    for (String column : REQUIRED) {
      if (!rows.has(column)) {
        problems.add(1, "", header, "a column named " + column);
      }
    }
    if (!rows.has("successes") && !rows.has("mean")) {
      problems.add(1, "", header, "columns named mean and variance, or successes");
    }
    problems.throwIfAny();
  }

  /** The current row; empty where something is wrong with it. */
  Optional<JudgeRow> row() {
    if (rows.width() != rows.header().size()) {
      problems.add(
          rows.number(), "", rows.width() + " fields", rows.header().size() + ", one a column");
      return Optional.empty();
    }
    long before = problems.count();
    String test = name("test");
    String metric = name("metric");
    String variant = name("variant");
    ValueKind kind = kind();
    RowTime time = times.read();
    Long units = Cells.count(rows, "n", problems);
    Optional<JudgeSettings> settings = options.settings(overrides(), this::refuse);
    if (problems.count() > before
        || test == null
        || metric == null
        || variant == null
        || kind == null
        || time == null
        || units == null
        || settings.isEmpty()) {
      return Optional.empty();
    }
    JudgeSettings how = settings.get();
    return kind == ValueKind.BINARY
        ? successes(units).map(s -> JudgeRow.binary(test, metric, time, variant, units, s, how))
        : moments(kind, units)
            .map(
                m ->
                    new JudgeRow(
                        test, metric, kind, time, variant, units, m.mean, m.variance, how));
  }

  private record Moments(double mean, double variance) {}

  private Optional<Long> successes(long units) {
    if (rows.text("successes") != null) {
      Long successes = Cells.count(rows, "successes", problems);
      if (successes != null && successes > units) {
        problems.add(rows.number(), "successes", successes.toString(), "at most n = " + units);
        return Optional.empty();
      }
      return Optional.ofNullable(successes);
    }
    if (units == 0) {
      return Optional.of(0L);
    }
    String column = rows.has("mean") ? "mean" : "successes";
    Double mean =
        Cells.number(rows, column, problems, "successes, or their share of n as the mean");
    if (mean == null) {
      return Optional.empty();
    }
    double successes = mean * units;
    long whole = Math.round(successes);
    if (mean < 0 || mean > 1 || Math.abs(successes - whole) > 0.01 + 1e-6 * units) {
      problems.add(rows.number(), column, mean.toString(), "a share of n = " + units + " units");
      return Optional.empty();
    }
    return Optional.of(whole);
  }

  private Optional<Moments> moments(ValueKind kind, long units) {
    if (units == 0) {
      return Optional.of(new Moments(0, 0));
    }
    long before = problems.count();
    Double mean = Cells.number(rows, "mean", problems, "the mean of n values");
    if (kind == ValueKind.COUNT && mean != null && mean < 0) {
      problems.add(rows.number(), "mean", mean.toString(), "a mean of counts, from 0 up");
    }
    Double variance = 0.0;
    if (units > 1) {
      String expected = "the sample variance (divisor n − 1), from 0 up";
      variance = Cells.number(rows, "variance", problems, expected);
      if (variance != null && variance < 0) {
        problems.add(rows.number(), "variance", variance.toString(), expected);
      }
    }
    return problems.count() > before || mean == null || variance == null
        ? Optional.empty()
        : Optional.of(new Moments(mean, variance));
  }

  private @Nullable String name(String column) {
    String text = rows.text(column);
    if (text == null) {
      problems.add(rows.number(), column, null, "a name");
    }
    return text;
  }

  private @Nullable ValueKind kind() {
    String text = rows.text("kind");
    for (ValueKind kind : ValueKind.values()) {
      if (kind.name().equalsIgnoreCase(text)) {
        return kind;
      }
    }
    problems.add(rows.number(), "kind", text, "binary, count or real");
    return null;
  }

  private Map<String, String> overrides() {
    Map<String, String> overrides = new HashMap<>();
    for (String name : JudgeOptions.NAMES) {
      String text = rows.text(name);
      if (text != null) {
        overrides.put(name, name.equals("better") ? text.toLowerCase(Locale.ROOT) : text);
      }
    }
    return overrides;
  }

  private void refuse(String name, String value, String expected) {
    problems.add(rows.number(), name, value, expected);
  }
}
