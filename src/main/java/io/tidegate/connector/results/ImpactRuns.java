package io.tidegate.connector.results;

import io.tidegate.codec.Tables;
import io.tidegate.connector.CatalogConfig;
import io.tidegate.connector.Catalogs;
import io.tidegate.model.AttemptId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.expressions.Expressions;

/** The runs of {@code impact} that the tables hold. */
public final class ImpactRuns {

  private static final List<String> TABLES =
      List.of(
          Tables.RETENTION_CURVES,
          Tables.REVENUE_CURVES,
          Tables.IMPACT_REPORTS,
          Tables.STAGE_COMPARISONS);

  private record Run(AttemptId attempt, String runId, int revision) {}

  private final Map<Run, Set<String>> tables = new HashMap<>();

  private ImpactRuns() {}

  /** Reads the tables as they are now. */
  public static ImpactRuns read(CatalogConfig config, Set<String> rolloutIds) {
    ResultScans scans = new ResultScans(config, Catalogs.shared(config));
    ImpactRuns runs = new ImpactRuns();
    for (String table : TABLES) {
      scans.each(
          table,
          Expressions.in("rollout_id", rolloutIds),
          row -> {
            AttemptId attempt = new AttemptId(row.text("rollout_id"), row.integer("attempt"));
            Run run = new Run(attempt, row.text("run_id"), row.integer("revision"));
            runs.tables.computeIfAbsent(run, r -> new HashSet<>()).add(table);
          },
          "rollout_id",
          "attempt",
          "run_id",
          "revision");
    }
    return runs;
  }

  /** Newest revision of an attempt; 0 for none. */
  public int newestRevision(AttemptId attempt) {
    return tables.keySet().stream()
        .filter(r -> r.attempt().equals(attempt))
        .mapToInt(Run::revision)
        .max()
        .orElse(0);
  }

  /** Whether an attempt's newest revision is of this run and has rows in each of the tables. */
  public boolean isNewest(AttemptId attempt, String runId, Set<String> expected) {
    Run newest = new Run(attempt, runId, newestRevision(attempt));
    return tables.getOrDefault(newest, Set.of()).containsAll(expected)
        && tables.containsKey(newest);
  }
}
