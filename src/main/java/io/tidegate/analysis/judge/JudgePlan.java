package io.tidegate.analysis.judge;

import io.tidegate.analysis.judge.TimedRow.Series;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The first reading of a file of aggregates: what each test compares, which rows are late, and what
 * is wrong with the whole.
 */
public final class JudgePlan {

  private static final int LATE_ROWS = 500_000;

  private final LateRows<JudgeRow> late = new LateRows<>(LATE_ROWS);
  private final Map<Series, Kept> series = new LinkedHashMap<>();
  private final Map<String, Set<String>> metricsByTest = new HashMap<>();
  private final Map<String, Set<String>> treatmentsByTest = new HashMap<>();

  private record Kept(ValueKind kind, JudgeSettings settings, Set<String> variants) {}

  /** Looks at the next row; what was expected of it where it cannot be used. */
  public Optional<String> look(JudgeRow row) {
    Kept kept =
        series.computeIfAbsent(
            row.series(), s -> new Kept(row.kind(), row.settings(), new LinkedHashSet<>()));
    if (kept.kind != row.kind()) {
      return Optional.of(
          "kind "
              + kept.kind.name().toLowerCase(java.util.Locale.ROOT)
              + " as in the metric's earlier rows");
    }
    if (!kept.settings.equals(row.settings())) {
      return Optional.of("the same settings as in the metric's earlier rows");
    }
    kept.variants.add(row.variant());
    metricsByTest.computeIfAbsent(row.test(), t -> new HashSet<>()).add(row.metric());
    if (!row.variant().equals(row.settings().control())) {
      treatmentsByTest.computeIfAbsent(row.test(), t -> new HashSet<>()).add(row.variant());
    }
    return late.look(row)
        ? Optional.empty()
        : Optional.of("rows in time order; more than " + LATE_ROWS + " rows are not");
  }

  /** What is wrong with the metrics as a whole. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    series.forEach(
        (s, kept) -> {
          String control = kept.settings.control();
          String where = "test " + s.test() + ", metric " + s.metric() + ": variants ";
          if (!kept.variants.contains(control)) {
            problems.add(where + kept.variants + " lack the control " + control);
          } else if (kept.variants.size() < 2) {
            problems.add(where + kept.variants + " have no treatment");
          }
        });
    return problems;
  }

  LateRows<JudgeRow> late() {
    return late;
  }

  /** One metric's and treatment's share of the test's rollback budget. */
  double alphaHarm(Series s, JudgeSettings settings) {
    int metrics = metricsByTest.getOrDefault(s.test(), Set.of("")).size();
    int treatments = treatmentsByTest.getOrDefault(s.test(), Set.of("")).size();
    return settings.alphaRollback() / metrics / treatments;
  }
}
