package io.tidegate.analysis.impact;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.Points;
import io.tidegate.analysis.attribution.RolloutContext;
import io.tidegate.analysis.attribution.UnitHistory;
import io.tidegate.analysis.baseline.BaselineSeries;
import io.tidegate.analysis.baseline.HistoryPlan;
import io.tidegate.analysis.baseline.HistoryRequest;
import io.tidegate.analysis.baseline.HourBook;
import io.tidegate.analysis.baseline.UnitCohorts;
import io.tidegate.analysis.timeline.Definition;
import io.tidegate.analysis.timeline.Sequencer;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.Assignment;
import io.tidegate.model.BaselineRow;
import io.tidegate.model.Better;
import io.tidegate.model.ControlEvent;
import io.tidegate.model.Margin;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.Resolved;
import io.tidegate.model.Resolved.MetricBase;
import io.tidegate.model.Role;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Seasonal;
import io.tidegate.model.SegmentDimension;
import io.tidegate.model.Stage;
import io.tidegate.simulate.Arrival;
import io.tidegate.simulate.Lever;
import io.tidegate.simulate.Shock;
import io.tidegate.simulate.SimulationConfig;
import io.tidegate.simulate.Simulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A simulated shop that sells more from Friday to Sunday, its history and a ramp in it that does
 * nothing.
 */
public final class RampWorld {

  public static final long DAY = SimulationConfig.DAY_MS;

  /** A Monday. */
  static final long START = 1_772_409_600_000L;

  static final int WEEKS = 6;
  static final String CONVERSION = "conversion";
  static final String ERRORS = "errors";

  private final RolloutSpec spec;
  private final List<Double> days;
  private final Map<Long, List<Point>> units = new LinkedHashMap<>();

  /**
   * @param days when the stages begin, in days after the history; the last is the end of the data
   * @param weekend how much more of the checkouts end in a purchase from Friday to Sunday
   * @param kept points that take part
   */
  public RampWorld(
      long seed, double unitsPerDay, List<Double> days, double weekend, Predicate<Point> kept) {
    this.days = days;
    this.spec = spec(days.size() - 1);
    List<Shock> shocks = new ArrayList<>();
    for (int week = 0; week < WEEKS + 3; week++) {
      long friday = START + (7L * week + 4) * DAY;
      shocks.add(new Shock(Lever.PURCHASE, weekend, friday, friday + 3 * DAY));
    }
    Simulator simulator =
        new Simulator(SimulationConfig.plain(spec, seed, START, unitsPerDay).withShocks(shocks));
    for (int k = 0; k + 1 < days.size(); k++) {
      simulator.advanceTo(at(k), a -> add(a, kept));
      simulator.enterStage(spec.stages().get(k).name(), at(k));
    }
    simulator.advanceTo(at(days.size() - 1), a -> add(a, kept));
  }

  private void add(Arrival arrival, Predicate<Point> kept) {
    Point point = null;
    if (arrival instanceof Arrival.Exposed exposed) {
      point = Points.of(exposed.event());
    } else if (arrival instanceof Arrival.Happened happened) {
      point = Points.of(happened.event());
    }
    if (point != null && kept.test(point)) {
      units.computeIfAbsent(point.unitKey, u -> new ArrayList<>()).add(point);
    }
  }

  long at(int stage) {
    return historyEnd() + (long) (days.get(stage) * DAY);
  }

  public static long historyEnd() {
    return START + 7L * WEEKS * DAY;
  }

  private static RolloutSpec spec(int stages) {
    List<Stage> ramp = new ArrayList<>();
    double[] percents = {25, 40, 50};
    for (int k = 0; k < stages; k++) {
      ramp.add(Rollouts.stage("s" + (k + 1), percents[k]));
    }
    RolloutSpec plain =
        Rollouts.spec(
            Assignment.MATCHED,
            ramp,
            null,
            List.of(new SegmentDimension("device", List.of("mobile", "desktop", "tablet"), 0)),
            List.of(
                metric(
                    CONVERSION,
                    new MetricKind.Proportion(
                        new OutcomeFilter("purchase", Map.of("type", Set.of("sale"))),
                        Duration.ofHours(24)),
                    Better.UP),
                metric(
                    ERRORS,
                    new MetricKind.Ratio(
                        new MetricKind.Term(OutcomeFilter.of("error"), false),
                        new MetricKind.Term(OutcomeFilter.of("request"), false),
                        Duration.ofHours(24)),
                    Better.DOWN)),
            10);
    RolloutSpec.Flag flag =
        new RolloutSpec.Flag(
            Rollouts.FLAG, "off", List.of("on"), Map.of("off", 1.0, "on", 1.0), "v1", "default");
    return new RolloutSpec(
        plain.id(),
        plain.owner(),
        plain.contact(),
        plain.respondWithin(),
        plain.hypothesis(),
        flag,
        plain.assignment(),
        plain.lookEvery(),
        plain.evidenceEvery(),
        plain.stages(),
        null,
        plain.segments(),
        plain.metrics(),
        plain.decision(),
        plain.quality(),
        List.of(),
        null,
        plain.minSegmentUnits(),
        null);
  }

  private static Metric metric(String name, MetricKind kind, Better better) {
    return new Metric(
        name, Role.GUARDRAIL, kind, better, Margin.relative(0.1), null, null, Map.of(), "", "");
  }

  /** What the baseline says of the history. */
  public Resolved resolved() {
    HistoryRequest request =
        new HistoryRequest(
            START,
            historyEnd(),
            List.of(
                new HistoryRequest.Wanted(
                    "m",
                    List.of(
                        new HistoryRequest.Series(0, CONVERSION),
                        new HistoryRequest.Series(1, ERRORS)),
                    true,
                    List.of(),
                    historyEnd())),
            List.of());
    HistoryPlan plan = HistoryPlan.of(request, json -> spec, Map.of());
    UnitCohorts cohorts = new UnitCohorts(plan);
    units.values().forEach(all -> cohorts.add(UnitHistory.of(all, 6).points()));
    Map<String, List<BaselineRow>> rows = new TreeMap<>();
    for (Map.Entry<String, HourBook> book : cohorts.books().entrySet()) {
      List<BaselineRow> own = rows.computeIfAbsent(book.getKey(), k -> new ArrayList<>());
      BaselineSeries.of(plan).rows(book.getKey(), book.getValue(), new HourBook(), own::add);
    }
    return resolved(rows);
  }

  private static Resolved resolved(Map<String, List<BaselineRow>> rows) {
    Map<String, Seasonal.Profile> profiles = new HashMap<>();
    Map<String, MetricBase> bases = new HashMap<>();
    Map<String, Double> mix = new HashMap<>();
    Double[] units = new Double[Seasonal.HOURS];
    rows.forEach(
        (metric, own) -> {
          Double[] hours = new Double[Seasonal.HOURS];
          Map<String, Double> segments = new HashMap<>();
          double level = 0;
          double dispersion = 0;
          String entry = "";
          for (BaselineRow row : own) {
            boolean all = row.dimension().equals(SegmentDimension.ALL);
            if (all && row.hourOfWeek() >= 0) {
              hours[row.hourOfWeek()] = row.expected();
              units[row.hourOfWeek()] = row.unitsPerHour();
            } else if (all) {
              level = row.expected();
              dispersion =
                  Double.parseDouble(
                      row.details().replaceAll(".*\"dispersion\": ([^,}]*).*", "$1"));
              entry = row.details().replaceAll(".*\"entry\": \"([^\"]*)\".*", "$1");
              bases.put(
                  metric,
                  new MetricBase(row.unitMean(), row.unitVariance(), row.unitRate(), Map.of()));
            } else if (row.hourOfWeek() < 0) {
              segments.put(row.dimension() + "=" + row.segment(), row.expected());
              mix.put(row.segment(), row.unitsPerHour());
            }
          }
          profiles.put(
              metric, new Seasonal.Profile(List.of(hours), level, dispersion, segments, entry));
        });
    double total = mix.values().stream().mapToDouble(Double::doubleValue).sum();
    mix.replaceAll((value, each) -> each / total);
    return new Resolved(
        7,
        Map.of(),
        bases,
        List.of(),
        new Seasonal("UTC", WEEKS, List.of(units), Map.of("device", mix), profiles, Map.of()));
  }

  /** The tables of the ramp. */
  public ImpactTables tables(Resolved resolved) {
    Sequencer sequencer = new Sequencer();
    List<ControlEvent> controls = new ArrayList<>();
    controls.add(
        sequencer.next(
            RolloutEvent.defined("d", at(0) - DAY, Rollouts.ID, "me", "spec", "resolved")));
    for (int k = 0; k + 1 < days.size(); k++) {
      controls.add(
          sequencer.next(
              RolloutEvent.bare(
                  "e" + k,
                  at(k),
                  Rollouts.ID,
                  RolloutEvent.Kind.STAGE_ENTERED,
                  spec.stages().get(k).name())));
    }
    Timeline timeline =
        Timeline.of(Rollouts.ID, controls, d -> new Definition(spec, resolved, "hash"));
    ImpactPlan plan = ImpactPlan.of(timeline, timeline.attempts().get(0), at(days.size() - 1));
    SliceBook book = new SliceBook(plan);
    UnitFollower follower = new UnitFollower(plan, book);
    RolloutContext context = new RolloutContext(0, timeline);
    for (List<Point> all : units.values()) {
      UnitHistory history = UnitHistory.of(all, 6);
      List<UnitHistory.Entry> entries = history.entries(context);
      if (!entries.isEmpty()) {
        follower.follow(entries, history.points());
      }
    }
    SliceBook copy = new SliceBook(plan);
    copy.mergeBytes(book.toBytes());
    return ImpactTables.of(copy);
  }
}
