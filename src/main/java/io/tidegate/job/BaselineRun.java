package io.tidegate.job;

import io.tidegate.analysis.baseline.HistoryPlan;
import io.tidegate.analysis.baseline.HistoryRequest;
import io.tidegate.analysis.baseline.HistoryRequest.Series;
import io.tidegate.analysis.baseline.HistoryRequest.Treatment;
import io.tidegate.analysis.baseline.HistoryRequest.Wanted;
import io.tidegate.analysis.baseline.SpecParser;
import io.tidegate.codec.Tables;
import io.tidegate.connector.ArchivedRollouts;
import io.tidegate.connector.BaselineTables;
import io.tidegate.connector.BaselineTables.Span;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.Metric;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.UserError;
import io.tidegate.spec.RolloutSpecs;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a run of the baseline reads and writes, settled before it starts.
 *
 * @param runId the same for the same history and metrics
 * @param baselines whether rows of {@code baselines} are to be written, or are there already
 * @param hourlySnapshot snapshot of {@code metric_hourly}; null where it is empty
 */
record BaselineRun(
    String runId,
    boolean baselines,
    HistoryRequest request,
    boolean hasQuantiles,
    @Nullable Long exposuresSnapshot,
    @Nullable Long outcomesSnapshot,
    @Nullable Long hourlySnapshot) {

  /** Longest history used: the weeks that the weekly level looks at. */
  private static final long HISTORY_MS = Duration.ofDays(56).toMillis();

  private static final long HOUR_MS = HistoryPlan.HOUR_MS;
  private static final long WEEK_MS = Duration.ofDays(7).toMillis();
  private static final int RUN_ID_BYTES = 8;

  static final SpecParser PARSER = json -> RolloutSpecs.fromJson("the spec of a rollout", json);

  /** A rollout as its events tell. */
  private static final class Known {
    @Nullable RolloutSpec spec;
    long firstStageMs = Long.MAX_VALUE;
    long completedMs = Long.MAX_VALUE;
  }

  /** Throws a UserError where there is no history or no metric. */
  static BaselineRun plan(TidegateConfig config, List<RolloutSpec> specs) {
    Map<String, Known> rollouts = rollouts(config, specs);
    if (rollouts.values().stream().allMatch(k -> k.spec == null)) {
      throw new UserError(
          "", "rollouts", "none", "a rollout that is defined, or a spec given with --spec FILE");
    }
    Long exposures = IcebergTables.newestSnapshot(config, Tables.EXPOSURES);
    Long outcomes = IcebergTables.newestSnapshot(config, Tables.OUTCOMES);
    Long hourly = IcebergTables.newestSnapshot(config, Tables.METRIC_HOURLY);
    Span span = BaselineTables.span(IcebergTables.load(config, Tables.OUTCOMES), outcomes);
    long endMs = span == null ? 0 : Math.floorDiv(span.lastMs(), HOUR_MS) * HOUR_MS;
    long firstMs =
        span == null ? 0 : Math.floorDiv(span.firstMs() + HOUR_MS - 1, HOUR_MS) * HOUR_MS;
    long startMs = Math.max(firstMs, endMs - HISTORY_MS);
    if (startMs >= endMs) {
      throw new UserError(
          "", "table " + Tables.OUTCOMES, "less than a whole hour", "history to learn from");
    }
    Set<String> flags = new TreeSet<>();
    rollouts.values().forEach(k -> addFlag(k.spec, flags));
    Set<String> exposed =
        BaselineTables.exposedBefore(
            IcebergTables.load(config, Tables.EXPOSURES), exposures, flags, endMs - WEEK_MS);
    List<Wanted> wanted = wanted(rollouts, exposed, endMs);
    String runId = runId(wanted, exposures, outcomes, hourly);
    HistoryRequest request =
        new HistoryRequest(startMs, endMs, missing(config, wanted), treatments(rollouts));
    return new BaselineRun(
        runId,
        !BaselineTables.hasRun(config, runId),
        request,
        HistoryPlan.of(request, PARSER, Map.of()).hasQuantiles(),
        exposures,
        outcomes,
        hourly);
  }

  /** Whether covariates are to be written. */
  boolean covariates() {
    return request.wanted().stream().anyMatch(w -> !w.covariates().isEmpty());
  }

  /** Whether the tables have everything. */
  boolean done() {
    return !baselines && !covariates();
  }

  private static void addFlag(@Nullable RolloutSpec spec, Set<String> flags) {
    if (spec != null) {
      flags.add(spec.flag().key());
    }
  }

  private static Map<String, Known> rollouts(TidegateConfig config, List<RolloutSpec> specs) {
    Map<String, Known> rollouts = new TreeMap<>();
    for (RolloutEvent event :
        ArchivedRollouts.read(
            IcebergTables.load(config, Tables.ROLLOUT_EVENTS),
            IcebergTables.newestSnapshot(config, Tables.ROLLOUT_EVENTS))) {
      Known known = rollouts.computeIfAbsent(event.rolloutId(), id -> new Known());
      switch (event.kind()) {
        case DEFINED -> known.spec = specOf(event, known.spec);
        case STAGE_ENTERED ->
            known.firstStageMs = Math.min(known.firstStageMs, event.eventTimeMs());
        case COMPLETED -> known.completedMs = event.eventTimeMs();
        default -> {}
      }
    }
    for (RolloutSpec spec : specs) {
      rollouts.computeIfAbsent(spec.id(), id -> new Known()).spec = spec;
    }
    return rollouts;
  }

  private static @Nullable RolloutSpec specOf(RolloutEvent defined, @Nullable RolloutSpec before) {
    try {
      return Definitions.READER.read(defined).spec();
    } catch (UserError e) {
      // The gate answers such a DEFINED event with REVIEW and keeps the earlier one.
      return before;
    }
  }

  private static List<Treatment> treatments(Map<String, Known> rollouts) {
    List<Treatment> treatments = new ArrayList<>();
    for (Known known : rollouts.values()) {
      RolloutSpec spec = known.spec;
      if (spec != null) {
        for (String variant : spec.flag().treatments()) {
          treatments.add(new Treatment(spec.flag().key(), variant, known.completedMs));
        }
      }
    }
    return treatments;
  }

  /** Of several rollouts with the same metric the first by id has it. */
  private static List<Wanted> wanted(Map<String, Known> rollouts, Set<String> exposed, long endMs) {
    Set<String> taken = new HashSet<>();
    Set<String> takenBefore = new HashSet<>();
    List<Wanted> wanted = new ArrayList<>();
    for (Known known : rollouts.values()) {
      RolloutSpec spec = known.spec;
      if (spec == null) {
        continue;
      }
      long beforeMs = Math.min(known.firstStageMs, endMs);
      List<Series> series = new ArrayList<>();
      List<Series> before = new ArrayList<>();
      for (int m = 0; m < spec.metrics().size(); m++) {
        Metric metric = spec.metrics().get(m);
        Series each = new Series(m, RolloutSpecs.definitionHash(metric.kind()));
        if (taken.add(each.key())) {
          series.add(each);
        }
        if (takenBefore.add(each.key() + "@" + beforeMs)) {
          before.add(each);
        }
      }
      String json = RolloutSpecs.toJson(spec);
      wanted.add(new Wanted(json, series, exposed.contains(spec.flag().key()), before, beforeMs));
    }
    return wanted;
  }

  /** Without the covariates that the table has already. */
  private static List<Wanted> missing(TidegateConfig config, List<Wanted> wanted) {
    List<Wanted> missing = new ArrayList<>();
    for (Wanted each : wanted) {
      List<Series> before =
          each.covariates().stream()
              .filter(s -> !BaselineTables.hasCovariates(config, s.key(), each.covariatesEndMs()))
              .toList();
      missing.add(
          new Wanted(
              each.specJson(), each.series(), each.byExposure(), before, each.covariatesEndMs()));
    }
    return missing;
  }

  private static String runId(
      List<Wanted> wanted,
      @Nullable Long exposures,
      @Nullable Long outcomes,
      @Nullable Long hourly) {
    StringBuilder text =
        new StringBuilder().append(exposures).append('/').append(outcomes).append('/');
    text.append(hourly);
    wanted.forEach(w -> text.append('\n').append(w.specJson()).append(w.covariatesEndMs()));
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return "baseline-" + HexFormat.of().formatHex(hash, 0, RUN_ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
