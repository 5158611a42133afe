package io.tidegate.cli;

import io.tidegate.analysis.detect.Detection;
import io.tidegate.analysis.detect.Detection.Basis;
import io.tidegate.analysis.detect.Detector;
import io.tidegate.analysis.detect.DetectorSettings;
import io.tidegate.connector.Holidays;
import io.tidegate.model.UserError;
import io.tidegate.report.DetectionReport;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidegate detect}: what each row of a series should have been, from the rows before. */
@Command(
    name = "detect",
    mixinStandardHelpOptions = true,
    description = {
      "Says of each row of a series what earlier rows made expect, and whether it is an anomaly.",
      "Rows are in time order, minutes to days apart, with gaps or without. The first week gets no"
          + " answers, the second a doubled interval and no alarms. anomaly_score is 1 less the"
          + " chance of a value as far out."
    })
public final class DetectCommand implements Callable<Integer> {

  private static final long PROGRESS_ROWS = 1_000_000;
  private static final String[] COLUMNS = {
    "timestamp", "value", "expected", "lower", "upper", "anomaly_score", "is_anomaly"
  };

  @Parameters(paramLabel = "FILE", description = "A CSV file with a header; .gz is unpacked.")
  private Path file;

  @Option(
      names = "--timestamp",
      paramLabel = "COL",
      description = "Column of times: ISO-8601, or seconds or milliseconds since 1970.")
  private @Nullable String timestamp;

  @Option(names = "--value", paramLabel = "COL", description = "Column of values.")
  private @Nullable String value;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      defaultValue = "UTC",
      description =
          "Zone of the season, and of times without one, such as Europe/Berlin (default:"
              + " ${DEFAULT-VALUE}).")
  private String zone;

  @Option(
      names = "--country",
      paramLabel = "CC",
      description = "Country, or part of one as in us-dc, whose holidays are like Sundays.")
  private @Nullable String country;

  @Option(
      names = "--horizon",
      paramLabel = "N",
      defaultValue = "1",
      description = "Rows ahead that each row is forecast from (default: ${DEFAULT-VALUE}).")
  private int horizon;

  @Option(
      names = "--false-alarm-every",
      paramLabel = "DURATION",
      defaultValue = "P56D",
      description =
          "Time in which one false alarm is accepted, at least 400 rows (default:"
              + " ${DEFAULT-VALUE}).")
  private Duration falseAlarmEvery;

  @Option(
      names = "--chart",
      paramLabel = "OUT.html",
      description = "Also write a page with the series, what was expected, and the anomalies.")
  private @Nullable Path chart;

  @Mixin private OutputOption output;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  public DetectCommand() {}

  /** What a first look at the file found. */
  private record Look(long rows, long without, long firstMs, long lastMs, String chosen) {}

  @Override
  public Integer call() {
    ZoneId place = zone();
    checkOptions();
    Look look = look(place);
    if (!look.chosen.isEmpty()) {
      output.err().println(look.chosen);
    }
    DetectorSettings settings =
        new DetectorSettings(place, holidays(look, place), horizon, falseAlarmEvery);
    DetectionReport report =
        chart == null ? null : new DetectionReport(file.getFileName().toString(), look.rows);
    Detector detector = judge(settings, place, report);
    explain(look, detector);
    if (chart != null && report != null) {
      ChartFile.write(chart, report.html());
    }
    return Tidegate.OK;
  }

  private ZoneId zone() {
    try {
      return ZoneId.of(zone);
    } catch (DateTimeException e) {
      throw new UserError("--zone", "", zone, "a zone such as Europe/Berlin or UTC");
    }
  }

  private void checkOptions() {
    RowProblems problems = new RowProblems("options");
    if (horizon < 1 || horizon > DetectorSettings.LARGEST_HORIZON) {
      problems.add(
          "--horizon",
          Integer.toString(horizon),
          "rows ahead from 1 to " + DetectorSettings.LARGEST_HORIZON);
    }
    if (falseAlarmEvery.isNegative() || falseAlarmEvery.isZero()) {
      problems.add("--false-alarm-every", falseAlarmEvery.toString(), "a duration above 0");
    }
    problems.throwIfAny();
  }

  private Look look(ZoneId place) {
    RowProblems problems = new RowProblems(file.toString());
    long count = 0;
    long without = 0;
    long firstMs = 0;
    long lastMs = 0;
    String chosen;
    try (SeriesRows rows = new SeriesRows(file, timestamp, value, place, problems)) {
      chosen = rows.columns().chosen();
      while (rows.next()) {
        firstMs = count == 0 ? rows.at() : firstMs;
        lastMs = rows.at();
        without += Double.isNaN(rows.value()) ? 1 : 0;
        progress(++count, "checked");
      }
    }
    problems.throwIfAny();
    return new Look(count, without, firstMs, lastMs, chosen);
  }

  private Set<LocalDate> holidays(Look look, ZoneId place) {
    if (country == null) {
      return Set.of();
    }
    int first = Instant.ofEpochMilli(look.firstMs).atZone(place).getYear();
    int last = Instant.ofEpochMilli(look.lastMs).atZone(place).getYear();
    return Holidays.of("--country", country, first, last + 1);
  }

  private Detector judge(
      DetectorSettings settings, ZoneId place, @Nullable DetectionReport report) {
    Detector detector = new Detector(settings);
    RowProblems problems = new RowProblems(file.toString());
    try (SeriesRows rows = new SeriesRows(file, timestamp, value, place, problems);
        ResultStream results = new ResultStream(output, COLUMNS)) {
      long count = 0;
      while (rows.next()) {
        Detection found = detector.next(rows.at(), rows.value());
        results.row(
            rows.text(),
            number(rows.value()),
            rounded(found.expected()),
            rounded(found.lower()),
            rounded(found.upper()),
            rounded(found.score()),
            found.anomaly());
        if (report != null) {
          report.add(
              rows.at(),
              rows.value(),
              found.expected(),
              found.lower(),
              found.upper(),
              found.score(),
              found.anomaly() ? found.cause().name().toLowerCase(java.util.Locale.ROOT) : "");
        }
        progress(++count, "judged");
      }
    }
    return detector;
  }

  private void explain(Look look, Detector detector) {
    if (look.without > 0) {
      output.err().println(look.without + " rows have no value and no score");
    }
    if (detector.stepMs() == 0) {
      output.err().println("less than a week and 8 rows of history: no answers");
    } else if (detector.basis() == Basis.NONE) {
      output.err().println("too little history for forecasts " + horizon + " rows ahead");
    } else if (detector.basis() == Basis.CONSTANT) {
      output.err().println("all values are the same: how much they vary cannot be said");
    } else if (detector.basis() == Basis.PROVISIONAL) {
      output.err().println("less than two weeks of history: intervals doubled, no alarms");
    }
  }

  private void progress(long rows, String done) {
    if (rows % PROGRESS_ROWS == 0) {
      output.err().println(rows + " rows " + done);
    }
  }

  private static @Nullable Double number(double value) {
    return Double.isNaN(value) ? null : Double.valueOf(value);
  }

  /** Six significant digits. */
  private static @Nullable Double rounded(double value) {
    if (Double.isNaN(value)) {
      return null;
    }
    double size = Math.abs(value);
    if (size >= 1e6 || size < 1e-9) {
      return size < 1e15 && size >= 1e6 ? (double) Math.round(value) : value;
    }
    double digits = 1e5;
    for (double bound = 10; size >= bound; bound *= 10) {
      digits /= 10;
    }
    for (double bound = 1; size < bound; bound /= 10) {
      digits *= 10;
    }
    return Math.round(value * digits) / digits;
  }
}
