package io.tidegate.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.impact.ImpactScope;
import io.tidegate.analysis.timeline.Definition;
import io.tidegate.codec.Tables;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.results.ImpactRuns;
import io.tidegate.connector.results.TableFixture;
import io.tidegate.model.Assignment;
import io.tidegate.model.AttemptId;
import io.tidegate.model.ImpactRun;
import io.tidegate.model.Metric;
import io.tidegate.model.Resolved;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutSpec;
import io.tidegate.spec.RolloutSpecs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which covariates an attempt reads, and that its run depends on no other's. */
class CovariatesTest {

  private static final AttemptId PLAIN = new AttemptId("plain", 1);
  private static final AttemptId TRIGGERED = new AttemptId("triggered", 1);
  private static final Map<String, RolloutSpec> SPECS =
      Map.of(
          "plain",
          Rollouts.spec("plain", Assignment.MATCHED),
          "triggered",
          Rollouts.triggered(Rollouts.spec("triggered", Assignment.MATCHED), "search"));

  @TempDir private Path folder;
  private TableFixture tables;
  private TidegateConfig config;

  @BeforeEach
  void create() {
    tables = TableFixture.create(folder);
    config = TidegateConfig.load(tables.configFile(), Map.of());
  }

  @AfterEach
  void close() throws IOException {
    tables.close();
  }

  private static ImpactScope scope() {
    List<RolloutEvent> events = new ArrayList<>(Rollouts.events("plain"));
    events.addAll(Rollouts.events("triggered"));
    events.add(RolloutEvent.tick("end", Rollouts.START_MS + 9 * Rollouts.DAY_MS));
    return ImpactScope.of(
        events,
        defined ->
            new Definition(
                Objects.requireNonNull(SPECS.get(defined.rolloutId())), Resolved.NONE, "hash"));
  }

  /** What {@code baseline} writes of a rollout's metrics before its first stage. */
  private void learn(String rollout, String runId) {
    RolloutSpec spec = Objects.requireNonNull(SPECS.get(rollout));
    long endMs =
        Objects.requireNonNull(scope().plans().get(new AttemptId(rollout, 1))).attempt().startMs();
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Metric metric : spec.metrics()) {
      rows.add(
          Map.of(
              "run_id",
              runId,
              "unit_id",
              "u1",
              "metric_key",
              RolloutSpecs.definitionHash(spec, metric),
              "metric",
              metric.name(),
              "window_end",
              endMs));
    }
    tables.append(Tables.UNIT_COVARIATES, rows);
  }

  private List<ImpactRun> runs(ImpactScope scope) {
    return ImpactJob.runs(
        config, new Snapshots(1L, 2L, 3L), Covariates.pinned(config, scope), scope);
  }

  @Test
  void trigger_isPartOfTheMetricThatIsLookedUp() {
    learn("triggered", "baseline-1");
    Covariates found = Covariates.pinned(config, scope());
    assertThat(found.runs(TRIGGERED)).containsExactly("baseline-1");
    assertThat(found.byAttempt().get(TRIGGERED)).hasSameSizeAs(SPECS.get("triggered").metrics());
    assertThat(found.runs(PLAIN)).isEmpty();
  }

  @Test
  void run_dependsOnItsOwnCovariatesOnly() {
    learn("triggered", "baseline-1");
    ImpactRun alone = runs(scope().only(Set.of(PLAIN))).get(0);
    assertThat(runs(scope())).contains(alone);
    ImpactRun before = runs(scope().only(Set.of(TRIGGERED))).get(0);
    assertThat(runs(scope())).contains(before);

    learn("plain", "baseline-2");
    assertThat(runs(scope())).contains(before).doesNotContain(alone);
  }

  @Test
  void run_ofOneAfterARunOfAll_isKnown() {
    learn("triggered", "baseline-1");
    for (ImpactRun run : runs(scope())) {
      assertThat(run.known()).isFalse();
      Map<String, Object> row =
          Map.of(
              "rollout_id",
              run.attempt().rolloutId(),
              "attempt",
              run.attempt().attempt(),
              "run_id",
              run.stamp().runId(),
              "revision",
              run.stamp().revision());
      for (String table :
          List.of(Tables.IMPACT_REPORTS, Tables.RETENTION_CURVES, Tables.REVENUE_CURVES)) {
        tables.append(table, List.of(row));
      }
      ImpactRuns.mark(config.catalog(), Map.of(run.attempt(), run.stamp()));
    }
    assertThat(runs(scope().only(Set.of(PLAIN)))).singleElement().matches(ImpactRun::known);
    assertThat(runs(scope())).hasSize(2).allMatch(ImpactRun::known);
  }
}
