package io.tidegate.connector.results;

import io.tidegate.codec.Tables;
import io.tidegate.connector.CatalogConfig;
import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.Nearest;
import io.tidegate.model.ReportData;
import io.tidegate.model.Resolved;
import io.tidegate.model.RetentionPoint;
import io.tidegate.model.RevenuePoint;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.RunStamp;
import io.tidegate.model.StageComparison;
import io.tidegate.model.UserError;
import io.tidegate.spec.ResolvedJson;
import io.tidegate.spec.RolloutSpecs;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.expressions.Expressions;
import org.jspecify.annotations.Nullable;

/** Reads from the tables all that a report on a rollout needs. */
public final class ReportReader {

  private final ResultScans scans;

  public ReportReader(CatalogConfig config, Catalog catalog) {
    this.scans = new ResultScans(config, catalog);
  }

  /** Every rollout that was defined, by name. */
  public Set<String> rollouts() {
    Set<String> ids = new TreeSet<>();
    scans.each(
        Tables.ROLLOUT_EVENTS,
        Expressions.equal("kind", RolloutEvent.Kind.DEFINED.name()),
        row -> ids.add(row.text("rollout_id")),
        "rollout_id",
        "kind");
    return ids;
  }

  /**
   * The newest attempt of a rollout. Throws a UserError, with a guess at what was meant, where no
   * rollout of that name was defined.
   */
  public ReportData read(String rolloutId) {
    ReportData judged = judged(rolloutId, 0);
    Batch batch = batch(rolloutId, judged.attempt());
    return new ReportData(
        judged.spec(),
        judged.resolved(),
        judged.specText(),
        judged.attempt(),
        judged.asOfMs(),
        judged.events(),
        judged.signals(),
        judged.estimates(),
        judged.baseline(),
        new HealthReader(scans).read(judged.spec(), startMs(events(rolloutId))),
        batch.retention,
        batch.revenue,
        batch.impacts,
        batch.comparisons,
        batch.stamp);
  }

  /**
   * An attempt as the gate judged it: neither what arrived is counted, which takes a reading of all
   * events, nor what {@code impact} found. Throws a UserError as {@link #read}.
   *
   * @param wanted the attempt; 0: the newest
   */
  public ReportData judged(String rolloutId, int wanted) {
    List<RolloutEvent> all = events(rolloutId);
    RolloutEvent defined =
        all.stream()
            .filter(e -> e.kind() == RolloutEvent.Kind.DEFINED && !e.spec().isEmpty())
            .reduce((a, b) -> b)
            .orElseThrow(() -> unknown(rolloutId));
    String source = "rollout_events of " + rolloutId;
    RolloutSpec spec = RolloutSpecs.fromJson(source, defined.spec());
    Resolved resolved =
        defined.resolved().isEmpty()
            ? Resolved.NONE
            : ResolvedJson.read(source, defined.resolved());
    Map<RolloutEvent, Integer> attempts = attempts(all);
    List<GateSignal> signals = signals(rolloutId);
    int attempt = wanted > 0 ? wanted : newestAttempt(signals, attempts);
    List<GateSignal> judged = signals.stream().filter(s -> s.attempt() == attempt).toList();
    return ReportData.judged(
        spec,
        resolved,
        SpecText.of(defined.spec()),
        attempt,
        judged.isEmpty() ? 0 : judged.get(judged.size() - 1).watermarkMs(),
        all.stream().filter(e -> attempts.getOrDefault(e, 1) == attempt).toList(),
        judged,
        estimates(rolloutId, attempt),
        new BaselineReader(scans).hours(spec, judged));
  }

  private static int newestAttempt(List<GateSignal> signals, Map<RolloutEvent, Integer> attempts) {
    return Math.max(
        signals.stream().mapToInt(GateSignal::attempt).max().orElse(1),
        attempts.values().stream().mapToInt(Integer::intValue).max().orElse(1));
  }

  private static long startMs(List<RolloutEvent> events) {
    return events.stream()
        .filter(e -> e.kind() == RolloutEvent.Kind.STAGE_ENTERED)
        .mapToLong(RolloutEvent::eventTimeMs)
        .min()
        .orElse(Long.MIN_VALUE / 1000);
  }

  private UserError unknown(String rolloutId) {
    Set<String> ids = rollouts();
    String expected =
        "a rollout that was defined: "
            + (ids.isEmpty() ? "there is none yet" : String.join(", ", ids));
    return new UserError("ROLLOUT", "", rolloutId, Nearest.suggest(expected, rolloutId, ids));
  }

  private List<RolloutEvent> events(String rolloutId) {
    Map<String, RolloutEvent> byId = new LinkedHashMap<>();
    List<RolloutEvent> events = new ArrayList<>();
    scans.each(
        Tables.ROLLOUT_EVENTS,
        "rollout_id",
        rolloutId,
        row -> ResultMapping.event(row).ifPresent(events::add));
    events.sort(Comparator.comparingLong(RolloutEvent::eventTimeMs));
    events.forEach(e -> byId.putIfAbsent(e.eventId(), e));
    return List.copyOf(byId.values());
  }

  /** The attempt of every event: as stated, else one more with each start after a rollback. */
  private static Map<RolloutEvent, Integer> attempts(List<RolloutEvent> events) {
    Map<RolloutEvent, Integer> attempts = new HashMap<>();
    int current = 1;
    boolean over = false;
    for (RolloutEvent event : events) {
      if (event.attempt() > 0) {
        current = event.attempt();
        over = false;
      } else if (over && startsAnew(event)) {
        current++;
        over = false;
      }
      attempts.put(event, current);
      over |= event.kind() == RolloutEvent.Kind.ROLLED_BACK;
    }
    return attempts;
  }

  private static boolean startsAnew(RolloutEvent event) {
    return event.kind() == RolloutEvent.Kind.DEFINED
        || event.kind() == RolloutEvent.Kind.STAGE_ENTERED;
  }

  private List<GateSignal> signals(String rolloutId) {
    List<GateSignal> signals = new ArrayList<>();
    scans.each(
        Tables.GATE_SIGNALS,
        "rollout_id",
        rolloutId,
        row -> signals.add(ResultMapping.signal(row)));
    return newest(
        signals,
        s -> List.of(s.attempt(), s.epoch(), s.boundaryMs()),
        GateSignal::revision,
        Comparator.comparingInt(GateSignal::attempt)
            .thenComparingLong(GateSignal::boundaryMs)
            .thenComparingInt(GateSignal::epoch));
  }

  private List<Estimate> estimates(String rolloutId, int attempt) {
    List<Estimate> estimates = new ArrayList<>();
    scans.each(
        Tables.STAGE_ESTIMATES,
        Expressions.and(
            Expressions.equal("rollout_id", rolloutId), Expressions.equal("attempt", attempt)),
        row -> estimates.add(ResultMapping.estimate(row)));
    return newest(
        estimates,
        e ->
            List.of(
                e.epoch(),
                e.boundaryMs(),
                e.controlVariant(),
                e.treatmentVariant(),
                e.metric(),
                e.dimension(),
                e.segment(),
                e.purpose(),
                e.basis(),
                e.normalisation()),
        Estimate::revision,
        Comparator.comparingLong(Estimate::boundaryMs)
            .thenComparingInt(Estimate::epoch)
            .thenComparing(Estimate::dimension)
            .thenComparing(Estimate::segment));
  }

  private static <T> List<T> newest(
      Collection<T> all,
      Function<T, List<?>> key,
      Function<T, Integer> revision,
      Comparator<T> order) {
    Map<List<?>, T> newest = new LinkedHashMap<>();
    for (T row : all) {
      newest.merge(key.apply(row), row, (a, b) -> revision.apply(a) >= revision.apply(b) ? a : b);
    }
    return newest.values().stream().sorted(order).toList();
  }

  /** What the newest run of {@code impact} wrote. */
  private record Batch(
      List<RetentionPoint> retention,
      List<RevenuePoint> revenue,
      List<ImpactEstimate> impacts,
      List<StageComparison> comparisons,
      @Nullable RunStamp stamp) {}

  private record Stamped<T>(T row, RunStamp stamp) {}

  private Batch batch(String rolloutId, int attempt) {
    List<Stamped<RetentionPoint>> retention =
        stamped(Tables.RETENTION_CURVES, rolloutId, attempt, ResultMapping::retention);
    List<Stamped<RevenuePoint>> revenue =
        stamped(Tables.REVENUE_CURVES, rolloutId, attempt, ResultMapping::revenue);
    List<Stamped<ImpactEstimate>> impacts =
        stamped(Tables.IMPACT_REPORTS, rolloutId, attempt, ResultMapping::impact);
    List<Stamped<StageComparison>> comparisons =
        stamped(Tables.STAGE_COMPARISONS, rolloutId, attempt, ResultMapping::comparison);
    List<RunStamp> stamps = new ArrayList<>();
    retention.forEach(s -> stamps.add(s.stamp));
    revenue.forEach(s -> stamps.add(s.stamp));
    impacts.forEach(s -> stamps.add(s.stamp));
    RunStamp last = stamps.stream().max(Comparator.comparingInt(RunStamp::revision)).orElse(null);
    return new Batch(
        of(retention, last).stream()
            .sorted(
                Comparator.comparing(RetentionPoint::metric)
                    .thenComparingInt(RetentionPoint::epoch)
                    .thenComparing(RetentionPoint::variant)
                    .thenComparingInt(RetentionPoint::age))
            .toList(),
        of(revenue, last).stream()
            .sorted(
                Comparator.comparing(RevenuePoint::metric)
                    .thenComparingInt(RevenuePoint::epoch)
                    .thenComparing(RevenuePoint::variant)
                    .thenComparingInt(RevenuePoint::ageDays))
            .toList(),
        of(impacts, last).stream()
            .sorted(
                Comparator.comparingInt(ImpactEstimate::epoch)
                    .thenComparing(ImpactEstimate::metric)
                    .thenComparing(ImpactEstimate::dimension)
                    .thenComparing(ImpactEstimate::segment)
                    .thenComparingInt(ImpactEstimate::ageDays))
            .toList(),
        of(comparisons, last).stream()
            .sorted(
                Comparator.comparing(StageComparison::metric)
                    .thenComparing(StageComparison::variant)
                    .thenComparingInt(StageComparison::epoch)
                    .thenComparing(StageComparison::basis)
                    .thenComparing(StageComparison::dimension)
                    .thenComparing(StageComparison::segment)
                    .thenComparing(StageComparison::normalisation))
            .toList(),
        last);
  }

  private <T> List<Stamped<T>> stamped(
      String table, String rolloutId, int attempt, Function<ResultRow, T> mapping) {
    List<Stamped<T>> rows = new ArrayList<>();
    scans.each(
        table,
        Expressions.and(
            Expressions.equal("rollout_id", rolloutId), Expressions.equal("attempt", attempt)),
        row -> rows.add(new Stamped<>(mapping.apply(row), ResultMapping.stamp(row))));
    return rows;
  }

  private static <T> List<T> of(List<Stamped<T>> rows, @Nullable RunStamp stamp) {
    return rows.stream()
        .filter(r -> stamp != null && r.stamp.revision() == stamp.revision())
        .map(Stamped::row)
        .toList();
  }
}
