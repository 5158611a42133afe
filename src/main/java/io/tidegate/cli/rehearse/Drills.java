package io.tidegate.cli.rehearse;

import io.tidegate.model.Better;
import io.tidegate.model.Margin;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.SegmentDimension;
import io.tidegate.model.Stage;
import io.tidegate.model.Verdict;
import io.tidegate.simulate.SpecWorld;
import io.tidegate.simulate.Trouble;
import io.tidegate.simulate.Trouble.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The drills that a spec calls for: gross harm in every metric that can roll back, and bad data.
 */
final class Drills {

  private static final Set<Verdict> BACK = Set.of(Verdict.ROLLBACK);
  private static final Set<Verdict> REVIEW = Set.of(Verdict.REVIEW);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration PATIENCE = Duration.ofHours(36);
  private static final Duration QUIET = Duration.ofHours(12);

  /** When the gate has learnt what an hour brings. */
  private static final Duration LEARNT = Duration.ofHours(9);

  private static final int MOST_DAYS = 8;
  private static final double LOSS = 0.6;
  private static final double RISE = 1.5;
  private static final double SHOCK = 6;
  private static final double UNLOGGED = 0.3;
  private static final double LATE = 0.2;
  private static final double BROKEN = 0.05;
  private static final double UNTRIGGERED = 0.6;
  private static final Duration FAST = Duration.ofMinutes(5);

  private final RolloutSpec spec;
  private final Map<String, List<String>> segments;
  private final SpecWorld world;
  private final long startMs;
  private final List<Drill> drills = new ArrayList<>();

  private Drills(
      RolloutSpec spec, Map<String, List<String>> segments, SpecWorld world, long startMs) {
    this.spec = spec;
    this.segments = segments;
    this.world = world;
    this.startMs = startMs;
  }

  /**
   * In the order in which they are run.
   *
   * @param segments dimension → values that units have
   * @param startMs when the stage is entered
   */
  static List<Drill> of(
      RolloutSpec spec,
      Stage stage,
      Map<String, List<String>> segments,
      SpecWorld world,
      long startMs) {
    Drills made = new Drills(spec, segments, world, startMs);
    made.quiet(stage);
    spec.metrics().stream().filter(m -> m.rollbackMargin() != null).forEach(made::harm);
    made.segment();
    made.data();
    made.clock();
    made.shock();
    made.tracking();
    return made.drills;
  }

  private void quiet(Stage stage) {
    Duration most = stage.maxDuration();
    boolean shorter = most != null && most.compareTo(QUIET) <= 0;
    drills.add(
        new Drill(
            "no effect",
            "nothing",
            List.of(),
            Duration.ZERO,
            most != null && shorter ? most.dividedBy(2) : QUIET,
            Set.of(Verdict.HOLD, Verdict.ADVANCE),
            Set.of(),
            "",
            ""));
  }

  private void harm(Metric metric) {
    String name = "harm in " + metric.name();
    Duration limit = PATIENCE;
    if (metric.kind() instanceof MetricKind.Retention retention) {
      limit = DAY.multipliedBy(retention.toDay() + 1L);
      if (retention.toDay() >= MOST_DAYS) {
        drills.add(
            Drill.unfit(
                name,
                "",
                "it is known after " + retention.toDay() + " days, too long for a drill"));
        return;
      }
    }
    Trouble trouble = harmful(metric, Map.of());
    drills.add(
        new Drill(
            name,
            planted(trouble) + " for the treatment",
            List.of(trouble),
            Duration.ZERO,
            limit,
            BACK,
            Set.of("HARM_SHOWN"),
            "",
            ""));
  }

  /** More than the margin by far, so that a gate that works must see it. */
  private Trouble harmful(Metric metric, Map<String, String> where) {
    Margin margin = metric.rollbackMargin();
    Double relative = margin == null ? null : margin.relative();
    double tolerated = relative == null ? 0 : relative;
    boolean less = metric.better() == Better.UP;
    double loss = Math.max(0, 1 - tolerated) * (1 - LOSS);
    double rise = (1 + tolerated) * (1 + RISE);
    MetricKind kind = metric.kind();
    if (kind instanceof MetricKind.Quantile || kind instanceof MetricKind.Mean) {
      return trouble(Kind.VALUE, kind.filters().get(0), less ? loss : rise, where);
    }
    if (kind instanceof MetricKind.Ratio ratio) {
      Kind how = ratio.numerator().sumOfValues() ? Kind.VALUE : Kind.NUMBER;
      return trouble(how, ratio.numerator().outcome(), less ? loss : rise, where);
    }
    if (kind instanceof MetricKind.Elapsed elapsed) {
      // Whoever does not finish counts the longest time.
      return trouble(Kind.NUMBER, elapsed.to(), less ? rise : loss, where);
    }
    OutcomeFilter last = kind.filters().get(kind.filters().size() - 1);
    return trouble(Kind.NUMBER, last, less ? loss : rise, where);
  }

  private Trouble trouble(
      Kind kind, OutcomeFilter target, double factor, Map<String, String> where) {
    return new Trouble(kind, target, factor, where, startMs);
  }

  private static String planted(Trouble trouble) {
    OutcomeFilter target = trouble.target();
    return String.format(
        Locale.ROOT,
        "%s %s%+.0f %%",
        target == null ? "" : named(target),
        trouble.kind() == Kind.VALUE ? "values " : "",
        100 * (trouble.factor() - 1));
  }

  private static String named(OutcomeFilter target) {
    StringBuilder name = new StringBuilder(target.outcome());
    target
        .where()
        .forEach(
            (key, values) ->
                name.append(' ')
                    .append(key)
                    .append('=')
                    .append(String.join("|", new TreeSet<>(values))));
    return name.toString();
  }

  private void segment() {
    String name = "harm in one segment";
    SegmentDimension dimension =
        spec.segments().stream()
            .filter(d -> segments.getOrDefault(d.name(), List.of()).size() > 1)
            .findFirst()
            .orElse(null);
    Metric metric =
        spec.metrics().stream()
            .filter(m -> m.rollbackMargin() != null)
            .filter(m -> !(m.kind() instanceof MetricKind.Retention))
            .findFirst()
            .orElse(null);
    if (dimension == null || metric == null) {
      drills.add(Drill.unfit(name, "", "the spec has no segments, or no metric that rolls back"));
      return;
    }
    String value = segments.getOrDefault(dimension.name(), List.of()).get(0);
    Trouble trouble = harmful(metric, Map.of(dimension.name(), value));
    String segment = dimension.name() + "=" + value;
    drills.add(
        new Drill(
            name,
            planted(trouble) + " for the treatment in " + segment,
            List.of(trouble),
            Duration.ZERO,
            PATIENCE,
            BACK,
            Set.of("HARM_SHOWN"),
            "in " + segment,
            ""));
  }

  private void data() {
    data(
        "sample-ratio mismatch",
        "30 % of the treatment's units are not logged",
        new Trouble(Kind.UNLOGGED, null, UNLOGGED, Map.of(), startMs),
        Duration.ZERO,
        REVIEW,
        Set.of("SAMPLE_RATIO_MISMATCH"));
    data(
        "traffic stops",
        "no event from anybody",
        new Trouble(Kind.STOPPED, null, 1, Map.of(), startMs + LEARNT.toMillis()),
        LEARNT,
        REVIEW,
        Set.of("DATA_MISSING"));
    data(
        "one variant silent",
        "no event from the treatment",
        new Trouble(Kind.SILENT, null, 1, Map.of(), startMs + LEARNT.toMillis()),
        LEARNT,
        Set.of(Verdict.REVIEW, Verdict.ROLLBACK),
        Set.of("SAMPLE_RATIO_MISMATCH", "DATA_MISSING", "INSTRUMENTATION_GAP", "HARM_SHOWN"));
    data(
        "late data",
        "20 % of the events come 20 minutes to 3 hours late",
        new Trouble(Kind.LATE, null, LATE, Map.of(), startMs),
        Duration.ZERO,
        REVIEW,
        Set.of("LATE_SHARE"));
    data(
        "unreadable records",
        "5 % of the outcomes' records cannot be read",
        new Trouble(Kind.BROKEN, null, BROKEN, Map.of(), startMs),
        Duration.ZERO,
        REVIEW,
        Set.of("DEAD_SHARE"));
    OutcomeFilter trigger = spec.trigger();
    if (trigger != null) {
      data(
          "trigger of one variant",
          "60 % of the treatment's " + trigger.outcome() + " are not sent",
          trouble(Kind.NUMBER, trigger, 1 - UNTRIGGERED, Map.of()),
          Duration.ZERO,
          REVIEW,
          Set.of("TRIGGER_RATE_DIFFERS"));
    }
  }

  /** The clock of whoever sends the outcome that comes most often. */
  private void clock() {
    String outcome = mostFrequent();
    if (outcome.isEmpty()) {
      drills.add(Drill.unfit("fast clock", "", "no metric of the spec rolls back"));
      return;
    }
    data(
        "fast clock",
        outcome + " carries times " + FAST.toMinutes() + " minutes after it was written",
        new Trouble(
            Kind.FAST_CLOCK, OutcomeFilter.of(outcome), FAST.toSeconds(), Map.of(), startMs),
        Duration.ZERO,
        REVIEW,
        Set.of("CLOCK_SKEW"));
  }

  private void data(
      String name,
      String planted,
      Trouble trouble,
      Duration after,
      Set<Verdict> verdicts,
      Set<String> codes) {
    drills.add(
        new Drill(name, planted, List.of(trouble), after, PATIENCE, verdicts, codes, "", ""));
  }

  /** A shock is told from the numbers of two outcomes in an hour. */
  private void shock() {
    String name = "external shock";
    for (Metric metric : spec.metrics()) {
      if (metric.kind() instanceof MetricKind.Ratio ratio && counted(ratio)) {
        String numerator = ratio.numerator().outcome().outcome();
        long atMs = startMs + LEARNT.toMillis();
        drills.add(
            new Drill(
                name,
                numerator + " six times as often for everybody",
                List.of(
                    new Trouble(
                        Kind.EVERYBODY, OutcomeFilter.of(numerator), SHOCK, Map.of(), atMs)),
                LEARNT,
                PATIENCE,
                Set.of(Verdict.HOLD, Verdict.REVIEW),
                Set.of("EXTERNAL_SHOCK"),
                "",
                ""));
        return;
      }
    }
    drills.add(Drill.unfit(name, "", "the spec has no ratio of two outcomes' numbers"));
  }

  private static boolean counted(MetricKind.Ratio ratio) {
    return !ratio.numerator().sumOfValues()
        && !ratio.denominator().sumOfValues()
        && ratio.numerator().outcome().where().isEmpty()
        && ratio.denominator().outcome().where().isEmpty()
        && !ratio.numerator().outcome().outcome().equals(ratio.denominator().outcome().outcome());
  }

  /** The outcome that comes most often among those of metrics that roll back; empty for none. */
  private String mostFrequent() {
    return spec.metrics().stream()
        .filter(m -> m.rollbackMargin() != null)
        .flatMap(m -> m.kind().outcomeNames().stream().sorted())
        .max(Comparator.comparingDouble(world::perVisit))
        .orElse("");
  }

  private void tracking() {
    String outcome = mostFrequent();
    if (outcome.isEmpty()) {
      drills.add(Drill.unfit("tracking broken", "", "no metric of the spec rolls back"));
      return;
    }
    data(
        "tracking broken",
        "nobody sends " + outcome + " any more",
        new Trouble(
            Kind.EVERYBODY, OutcomeFilter.of(outcome), 0, Map.of(), startMs + LEARNT.toMillis()),
        LEARNT,
        Set.of(Verdict.REVIEW, Verdict.ROLLBACK),
        Set.of("INSTRUMENTATION_GAP"));
  }
}
