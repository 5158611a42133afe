package io.tidegate.connector.results;

import io.tidegate.codec.Tables;
import io.tidegate.connector.CatalogConfig;
import io.tidegate.connector.Catalogs;
import io.tidegate.model.AttemptId;
import io.tidegate.model.RunStamp;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Table;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.expressions.Expressions;

/**
 * The runs of {@code impact} that the tables hold. Each table is committed on its own, and of which
 * tables a run has rows depends on the data, so that a run is marked once all of them have theirs.
 */
public final class ImpactRuns {

  /** Begins properties of table {@code impact_reports}: attempt → its newest run that is whole. */
  private static final String WHOLE = "tidegate.whole-run.";

  private static final List<String> TABLES =
      List.of(
          Tables.RETENTION_CURVES,
          Tables.REVENUE_CURVES,
          Tables.IMPACT_REPORTS,
          Tables.STAGE_COMPARISONS);

  private record Run(AttemptId attempt, String runId, int revision) {}

  private final Set<Run> runs = new HashSet<>();
  private final Map<String, String> properties;

  private ImpactRuns(Map<String, String> properties) {
    this.properties = properties;
  }

  /** Reads the tables as they are now. */
  public static ImpactRuns read(CatalogConfig config, Set<String> rolloutIds) {
    ResultScans scans = new ResultScans(config, Catalogs.shared(config));
    ImpactRuns found = new ImpactRuns(reports(config).properties());
    for (String table : TABLES) {
      scans.each(
          table,
          Expressions.in("rollout_id", rolloutIds),
          row -> {
            AttemptId attempt = new AttemptId(row.text("rollout_id"), row.integer("attempt"));
            found.runs.add(new Run(attempt, row.text("run_id"), row.integer("revision")));
          },
          "rollout_id",
          "attempt",
          "run_id",
          "revision");
    }
    return found;
  }

  /** Marks runs whose rows are all in the tables. */
  public static void mark(CatalogConfig config, Map<AttemptId, RunStamp> whole) {
    UpdateProperties update = reports(config).updateProperties();
    whole.forEach((attempt, stamp) -> update.set(WHOLE + attempt, stamp.runId()));
    update.commit();
  }

  private static Table reports(CatalogConfig config) {
    return Catalogs.shared(config).loadTable(Catalogs.identifier(config, Tables.IMPACT_REPORTS));
  }

  /** Newest revision of an attempt; 0 for none. */
  public int newestRevision(AttemptId attempt) {
    return runs.stream()
        .filter(r -> r.attempt().equals(attempt))
        .mapToInt(Run::revision)
        .max()
        .orElse(0);
  }

  /** Whether an attempt's newest revision is of this run and whole. */
  public boolean isNewest(AttemptId attempt, String runId) {
    return runs.contains(new Run(attempt, runId, newestRevision(attempt)))
        && runId.equals(properties.get(WHOLE + attempt));
  }
}
