package io.tidegate.report;

import io.tidegate.model.Assignment;
import io.tidegate.model.Better;
import io.tidegate.model.Censoring;
import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.Margin;
import io.tidegate.model.Maturity;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.Purpose;
import io.tidegate.model.Reason;
import io.tidegate.model.ReportData;
import io.tidegate.model.Resolved;
import io.tidegate.model.RetentionPoint;
import io.tidegate.model.RevenuePoint;
import io.tidegate.model.Role;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.RunStamp;
import io.tidegate.model.SegmentDimension;
import io.tidegate.model.Stage;
import io.tidegate.model.StageComparison;
import io.tidegate.model.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A rollout as the tables would hold it, made without data: canary and early go well, at half
 * revenue falls on mobile. Figures shrink towards planted effects as units come.
 */
public final class SampleRollout {

  public static final long START = Instant.parse("2026-03-02T08:00:00Z").toEpochMilli();
  public static final long HOUR = Duration.ofHours(1).toMillis();
  public static final String ID = "checkout-v2";
  static final int HOURS = 24 * 6;
  private static final Map<String, List<String>> SEGMENTS =
      Map.of(
          "country", List.of("DE", "FR", "US", "(other)"),
          "device", List.of("desktop", "mobile"),
          "plan", List.of("free", "pro", "team"));

  private final Random random = new Random(20260302);

  public static ReportData rolledBack() {
    return new SampleRollout().build();
  }

  /** Of three treatments a second does harm on mobile too, with less evidence, and a third none. */
  public static ReportData harmedByTwo() {
    ReportData one = rolledBack();
    GateSignal last = one.signals().get(one.signals().size() - 1);
    List<Reason> reasons = new ArrayList<>(last.reasons());
    reasons.add(
        1,
        new Reason(
            "HARM_SHOWN",
            "revenue in device=mobile is worse with on-b than with control by more than the 10 % that"
                + " is tolerated (now 4.8 against 5.2, -7.69 %)",
            "log e 9.123",
            "log e 8.29"));
    List<GateSignal> signals = new ArrayList<>(one.signals());
    signals.set(
        signals.size() - 1,
        signal(
            last.verdict(),
            last.epoch(),
            last.stage(),
            last.percent(),
            last.boundaryMs(),
            reasons,
            null,
            List.of()));
    List<Estimate> estimates = new ArrayList<>(one.estimates());
    estimates.add(with(onMobile(last.boundaryMs(), -0.4, 9.123456), "on-b"));
    estimates.add(with(onMobile(last.boundaryMs(), -0.3, 9.123), "on-c"));
    return with(one, one.events(), signals, estimates);
  }

  private static Estimate onMobile(long boundary, double effect, double eValueLog) {
    return row(
        2,
        boundary,
        "revenue",
        "device",
        "mobile",
        Purpose.HARM,
        effect,
        0.31,
        5.2,
        9000L,
        eValueLog);
  }

  /** Defined, nothing judged. */
  static ReportData defined() {
    return ReportData.judged(
        spec(), Resolved.NONE, "id: checkout-v2", 1, 0, List.of(), List.of(), List.of(), List.of());
  }

  public static RolloutSpec spec() {
    return withTreatments(List.of("on"));
  }

  /** The same rollout with these treatments, of equal weights. */
  static RolloutSpec withTreatments(List<String> treatments) {
    Map<String, Double> split = new HashMap<>(Map.of("off", 1.0));
    treatments.forEach(t -> split.put(t, 1.0));
    return new RolloutSpec(
        ID,
        "team-checkout",
        "#checkout-oncall",
        Duration.ofMinutes(30),
        new RolloutSpec.Hypothesis(
            "Streamlined checkout cuts cart abandonment by 8 % within a day on mobile",
            "conversion", "device=mobile", Margin.relative(0.08), Duration.ofDays(1)),
        new RolloutSpec.Flag(ID, "off", treatments, split, "v1", "default"),
        Assignment.MATCHED,
        Duration.ofMinutes(1),
        Duration.ofHours(1),
        List.of(
            stage("canary", 1, Duration.ofHours(6)),
            stage("early", 10, Duration.ofHours(24)),
            stage("half", 50, Duration.ofDays(7)),
            stage("full", 100, Duration.ofHours(1))),
        null,
        List.of(
            new SegmentDimension("country", List.of("DE", "FR", "US"), 0),
            new SegmentDimension("device", List.of("desktop", "mobile"), 0),
            new SegmentDimension("plan", List.of("free", "pro", "team"), 0)),
        List.of(
            metric(
                "conversion",
                Role.SUCCESS,
                Better.UP,
                null,
                new MetricKind.Proportion(OutcomeFilter.of("purchase"), Duration.ofDays(1))),
            metric(
                "errors",
                Role.GUARDRAIL,
                Better.DOWN,
                Margin.relative(0.05),
                new MetricKind.Ratio(
                    new MetricKind.Term(OutcomeFilter.of("error"), false),
                    new MetricKind.Term(OutcomeFilter.of("request"), false),
                    null)),
            metric(
                "revenue",
                Role.GUARDRAIL,
                Better.UP,
                Margin.relative(0.10),
                new MetricKind.Sum(OutcomeFilter.of("purchase"), null, 500_000_000L, "EUR")),
            metric(
                "d1",
                Role.LONG_TERM,
                Better.UP,
                null,
                new MetricKind.Retention(OutcomeFilter.of("session_start"), 1, 2))),
        new RolloutSpec.Decision(0.01, 0.05, 0.8, Duration.ofHours(6)),
        new RolloutSpec.Quality(List.of("session_start")),
        List.of(),
        new RolloutSpec.Cost("EUR", Map.of("compute", 40.0, "support", 60.0)),
        50,
        null);
  }

  static Metric metric(
      String name, Role role, Better better, @Nullable Margin margin, MetricKind kind) {
    return new Metric(name, role, kind, better, margin, null, null, Map.of(), "", "");
  }

  private static Stage stage(String name, double percent, Duration min) {
    return new Stage(
        name, percent, min, null, 500, null, false, false, "", Stage.DEFAULT_SETTLE, null);
  }

  private ReportData build() {
    List<Estimate> estimates = new ArrayList<>();
    List<GateSignal> signals = new ArrayList<>();
    for (int hour = 1; hour <= HOURS; hour++) {
      int epoch = epochAt(hour);
      long boundary = START + hour * HOUR;
      long units = unitsAt(hour);
      for (Metric metric : spec().metrics()) {
        estimates.add(estimate(epoch, boundary, metric, "all", "*", units));
        if (hour % 12 == 0) {
          SEGMENTS.forEach(
              (dimension, values) -> {
                for (int i = 0; i < values.size(); i++) {
                  long share = values.get(i).equals("team") ? 9 : units / (i + 2);
                  estimates.add(estimate(epoch, boundary, metric, dimension, values.get(i), share));
                }
              });
        }
      }
      signals.add(signal(hour, epoch, boundary));
    }
    long end = START + HOURS * HOUR;
    estimates.add(onMobile(end, -0.62, 14.2));
    return new ReportData(
        spec(),
        Resolved.NONE,
        "id: checkout-v2\nhypothesis: </script><script>alert(1)</script> & \"quotes\"\n",
        1,
        end,
        events(),
        signals,
        estimates,
        baseline(),
        new ReportData.Health(
            61_234, 412_877, Map.of("outcomes", 15L), Map.of("outcomes", 7L), List.of()),
        retention(),
        revenue(),
        impacts(),
        comparisons(),
        new RunStamp("run-1", 1, end, 11, 12, 13));
  }

  /** Both variants fall from stage to stage: the season and, at the last, the mix of devices. */
  private static List<StageComparison> comparisons() {
    List<StageComparison> rows = new ArrayList<>();
    String[] stages = {"canary", "early", "half"};
    double[] raw = {0, -0.08, -0.21};
    double[] season = {0, -0.01, -0.09};
    double[] mix = {0, 0.004, 0.01};
    for (String variant : List.of("off", "on")) {
      for (int k = 1; k < stages.length; k++) {
        rows.add(comparison(k, stages[k], variant, "all", StageComparison.RAW, raw[k], null));
        rows.add(comparison(k, stages[k], variant, "all", StageComparison.SEASON, season[k], null));
        double part = (1 + season[k]) / (1 + mix[k]) - 1;
        rows.add(
            comparison(k, stages[k], variant, "device", StageComparison.SEASON_MIX, mix[k], part));
      }
    }
    return rows;
  }

  private static StageComparison comparison(
      int epoch,
      String stage,
      String variant,
      String dimension,
      String normalisation,
      double change,
      Double mixPart) {
    return new StageComparison(
        ID,
        1,
        epoch,
        stage,
        variant,
        StageComparison.FIRST_STAGE,
        "canary",
        variant,
        "conversion",
        dimension,
        "*",
        normalisation,
        24,
        0.05,
        0.05,
        0.05 * (1 + change),
        change,
        change - 0.05,
        change + 0.06,
        mixPart,
        mixPart == null ? null : mixPart - 0.01,
        mixPart == null ? null : mixPart + 0.01,
        mixPart != null && epoch == 2,
        mixPart == null ? "" : "{\"source\": \"baseline\", \"desktop\": 0.4, \"mobile\": 0.6}",
        normalisation.equals(StageComparison.RAW) ? 0 : 7,
        1_000,
        5_000,
        "");
  }

  private static int epochAt(int hour) {
    return hour <= 12 ? 0 : hour <= 60 ? 1 : 2;
  }

  private static long unitsAt(int hour) {
    long canary = Math.min(hour, 12) * 40L;
    long early = Math.max(0, Math.min(hour, 60) - 12) * 150L;
    return canary + early + Math.max(0, hour - 60) * 260L;
  }

  private Estimate estimate(
      int epoch, long boundary, Metric metric, String dimension, String segment, long units) {
    Purpose purpose = metric.role() == Role.SUCCESS ? Purpose.SUCCESS : Purpose.NON_INFERIORITY;
    double control =
        switch (metric.name()) {
          case "conversion" -> 0.062;
          case "errors" -> 0.011;
          case "revenue" -> 5.2;
          default -> 0.31;
        };
    double spread =
        switch (metric.name()) {
          case "conversion" -> 0.24;
          case "errors" -> 0.05;
          case "revenue" -> 9;
          default -> 0.46;
        };
    double effect =
        switch (metric.name()) {
          case "conversion" -> 0.0035;
          case "errors" -> -0.0001;
          case "revenue" -> segment.equals("mobile") ? -0.62 : -0.2;
          default -> 0.004;
        };
    double width = 3.1 * spread / Math.sqrt(Math.max(units, 20) / 2.0);
    double noise = 0.15 * width * random.nextGaussian();
    return row(
        epoch,
        boundary,
        metric.name(),
        dimension,
        segment,
        purpose,
        effect + noise,
        width,
        control,
        units,
        1.0);
  }

  static Estimate row(
      int epoch,
      long boundary,
      String metric,
      String dimension,
      String segment,
      Purpose purpose,
      double effect,
      double width,
      double control,
      long units,
      double eValueLog) {
    return new Estimate(
        ID,
        1,
        epoch,
        List.of("canary", "early", "half").get(epoch),
        boundary,
        0,
        "off",
        "on",
        metric,
        dimension,
        segment,
        purpose,
        Estimate.CONCURRENT,
        Estimate.RAW,
        "asympcs",
        0.05,
        null,
        control,
        control + effect,
        effect,
        effect - width,
        effect + width,
        effect / control,
        (effect - width) / control,
        (effect + width) / control,
        eValueLog,
        Math.min(1, Math.exp(-eValueLog)),
        units,
        units + 3,
        "");
  }

  /** A row like another one, of this treatment. */
  static Estimate with(Estimate e, String treatment) {
    return with(e, e.stage(), treatment);
  }

  /** A row like another one, of this stage and treatment. */
  static Estimate with(Estimate e, String stage, String treatment) {
    return new Estimate(
        e.rolloutId(),
        e.attempt(),
        e.epoch(),
        stage,
        e.boundaryMs(),
        e.revision(),
        e.controlVariant(),
        treatment,
        e.metric(),
        e.dimension(),
        e.segment(),
        e.purpose(),
        e.basis(),
        e.normalisation(),
        e.method(),
        e.alpha(),
        e.bound(),
        e.control(),
        e.treatment(),
        e.effectSize(),
        e.effectSizeLower(),
        e.effectSizeUpper(),
        e.relEffectSize(),
        e.relEffectSizeLower(),
        e.relEffectSizeUpper(),
        e.eValueLog(),
        e.pValue(),
        e.unitsControl(),
        e.unitsTreatment(),
        e.reason());
  }

  private static GateSignal signal(int hour, int epoch, long boundary) {
    Verdict verdict =
        hour == HOURS
            ? Verdict.ROLLBACK
            : hour == 12 || hour == 60
                ? Verdict.ADVANCE
                : hour > 30 && hour < 38 ? Verdict.REVIEW : Verdict.HOLD;
    List<Reason> reasons =
        switch (verdict) {
          case ROLLBACK ->
              List.of(
                  new Reason(
                      "HARM_SHOWN",
                      "revenue in device=mobile is worse than control by more than the 10 % that is"
                          + " tolerated (now 4.58 against 5.2, -11.9 %)",
                      "log e 14.2",
                      "log e 8.29"),
                  new Reason(
                      "HARM_NOT_YET_SHOWN",
                      "errors is not shown to be worse than control by more than the 5 % that is"
                          + " tolerated",
                      "log e 4.5",
                      "log e 8.29"),
                  new Reason(
                      "MIN_DURATION",
                      "the stage has run 5 d 2 h of 7 d 0 h",
                      "5 d 2 h",
                      "7 d 0 h"));
          case ADVANCE ->
              List.of(
                  new Reason("PROVEN", "Every guardrail was shown to stay in its margin.", "", ""));
          case REVIEW ->
              List.of(new Reason("LATE_SHARE", "2.1 % of the events came late.", "2.1 %", "1 %"));
          case HOLD ->
              List.of(new Reason("NOT_ENOUGH", "Revenue is not yet shown to be unharmed.", "", ""));
        };
    List<String> stages = List.of("canary", "early", "half");
    List<Double> percents = List.of(1.0, 10.0, 50.0);
    return signal(
        verdict,
        epoch,
        stages.get(epoch),
        percents.get(epoch),
        boundary,
        reasons,
        verdict == Verdict.ADVANCE ? percents.get(Math.min(2, epoch + 1)) : null,
        verdict == Verdict.HOLD ? List.of("revenue non-inferior within 10 %") : List.of());
  }

  static GateSignal signal(
      Verdict verdict,
      int epoch,
      String stage,
      double percent,
      long boundary,
      List<Reason> reasons,
      @Nullable Double nextPercent,
      List<String> missing) {
    return new GateSignal(
        "s-" + boundary,
        ID,
        1,
        epoch,
        stage,
        percent,
        boundary,
        0,
        "",
        "hash",
        verdict,
        false,
        reasons,
        List.of(),
        nextPercent,
        boundary + HOUR,
        null,
        verdict == Verdict.ROLLBACK ? "early" : "",
        "team-checkout",
        "#checkout-oncall",
        verdict == Verdict.REVIEW ? boundary + HOUR / 2 : null,
        missing,
        "spec",
        boundary,
        0,
        new GateSignal.Arrivals(473_002, 1_204, 388, 12),
        true,
        true);
  }

  /** The same rollout of which something else was said. */
  static ReportData with(
      ReportData all,
      List<RolloutEvent> events,
      List<GateSignal> signals,
      List<Estimate> estimates) {
    return ReportData.judged(
        all.spec(),
        all.resolved(),
        all.specText(),
        all.attempt(),
        all.asOfMs(),
        events,
        signals,
        estimates,
        List.of());
  }

  private static List<RolloutEvent> events() {
    return List.of(
        RolloutEvent.bare("e0", START - HOUR, ID, RolloutEvent.Kind.DEFINED, ""),
        RolloutEvent.bare("e1", START, ID, RolloutEvent.Kind.STAGE_ENTERED, "canary"),
        RolloutEvent.bare("e2", START + 12 * HOUR, ID, RolloutEvent.Kind.STAGE_ENTERED, "early"),
        RolloutEvent.bare("e3", START + 60 * HOUR, ID, RolloutEvent.Kind.STAGE_ENTERED, "half"),
        RolloutEvent.bare("e4", START + HOURS * HOUR, ID, RolloutEvent.Kind.ROLLED_BACK, ""));
  }

  private List<ReportData.BaselineHour> baseline() {
    List<ReportData.BaselineHour> hours = new ArrayList<>();
    for (int hour = 0; hour < HOURS; hour++) {
      double expected = 900 + 500 * Math.sin((hour - 3) / 24.0 * 2 * Math.PI);
      double observed = expected + 60 * random.nextGaussian();
      hours.add(
          new ReportData.BaselineHour(
              START + hour * HOUR,
              "request",
              Math.rint(observed),
              expected,
              expected - 150,
              expected + 150));
    }
    return hours;
  }

  private static List<RetentionPoint> retention() {
    List<RetentionPoint> points = new ArrayList<>();
    for (int epoch = 0; epoch < 3; epoch++) {
      int last = List.of(5, 4, 2).get(epoch);
      for (String variant : List.of("off", "on")) {
        for (int age = 0; age <= 6; age++) {
          points.add(retention(epoch, variant, age, age <= last));
        }
      }
    }
    return points;
  }

  private static RetentionPoint retention(int epoch, String variant, int age, boolean reached) {
    boolean treated = variant.equals("on");
    long eligible = List.of(480L, 7_200L, 21_000L).get(epoch);
    double rate = (age == 0 ? 0.7 : 0.34 / Math.sqrt(age)) + (treated ? 0.008 : 0);
    double half = 1.96 * Math.sqrt(rate * (1 - rate) / eligible);
    return new RetentionPoint(
        ID,
        1,
        epoch,
        List.of("canary", "early", "half").get(epoch),
        variant,
        "all",
        "*",
        "d1",
        RetentionPoint.EVERYONE,
        RetentionPoint.EXACT,
        RetentionPoint.DAY,
        age,
        reached ? Maturity.MATURE : Maturity.CENSORED,
        Censoring.ROLLED_BACK,
        START + HOURS * HOUR,
        eligible,
        reached ? eligible : 0,
        Math.round(rate * eligible),
        reached ? rate : null,
        reached ? rate - half : null,
        reached ? rate + half : null,
        reached && treated ? 0.008 : null,
        reached && treated ? 0.008 - 1.4 * half : null,
        reached && treated ? 0.008 + 1.4 * half : null,
        reached && treated ? 0.008 - 1.9 * half : null,
        reached && treated ? 0.008 + 1.9 * half : null,
        reached ? "" : "not old enough when the cohort was censored");
  }

  private static List<RevenuePoint> revenue() {
    List<RevenuePoint> points = new ArrayList<>();
    for (int epoch = 0; epoch < 3; epoch++) {
      for (String variant : List.of("off", "on")) {
        for (int age = 1; age <= List.of(5, 4, 3).get(epoch); age++) {
          boolean treated = variant.equals("on");
          long units = List.of(480L, 7_200L, 21_000L).get(epoch);
          double mean = 2.6 * Math.log1p(age) - (treated ? 0.12 * age : 0);
          double half = 18 / Math.sqrt(units);
          points.add(
              new RevenuePoint(
                  ID,
                  1,
                  epoch,
                  List.of("canary", "early", "half").get(epoch),
                  variant,
                  "all",
                  "*",
                  "revenue",
                  "EUR",
                  age,
                  Maturity.MATURE,
                  Censoring.ROLLED_BACK,
                  START + HOURS * HOUR,
                  units,
                  units,
                  mean * units,
                  mean,
                  mean - half,
                  mean + half,
                  mean * units,
                  mean,
                  0.0,
                  treated ? -0.12 * age : null,
                  treated ? -0.12 * age - half : null,
                  treated ? -0.12 * age + half : null,
                  treated ? -0.12 * age - 1.3 * half : null,
                  treated ? -0.12 * age + 1.3 * half : null,
                  null,
                  null,
                  null,
                  ""));
        }
      }
    }
    return points;
  }

  private static List<ImpactEstimate> impacts() {
    return List.of(
        impact("conversion", "success", 0.062, 0.0034, 0.0021),
        impact("errors", "guardrail", 0.011, -0.0001, 0.0009),
        impact("revenue", "guardrail", 5.2, -0.31, 0.16),
        impact("d1", "long_term", 0.31, 0.004, 0.006),
        week(impact("revenue", "guardrail", 1.7, 0.04, 0.07), 20_514),
        week(impact("revenue", "guardrail", 1.8, -0.13, 0.06), 20_521));
  }

  /** The same of a week of the calendar, by the days from 1970-01-01 to its Monday. */
  static ImpactEstimate week(ImpactEstimate e, int monday) {
    return new ImpactEstimate(
        e.rolloutId(),
        e.attempt(),
        e.epoch(),
        e.stage(),
        e.controlVariant(),
        e.treatmentVariant(),
        e.metric(),
        e.role(),
        e.kind(),
        e.dimension(),
        e.segment(),
        ImpactEstimate.Aspect.CALENDAR,
        monday,
        e.maturity(),
        e.censoring(),
        e.censoredAtMs(),
        e.method(),
        e.alpha(),
        e.control(),
        e.treatment(),
        e.effectSize(),
        e.effectSizeLower(),
        e.effectSizeUpper(),
        null,
        null,
        e.relEffectSize(),
        e.relEffectSizeLower(),
        e.relEffectSizeUpper(),
        e.pValue(),
        e.unitsControl(),
        e.unitsTreatment(),
        e.reason());
  }

  static ImpactEstimate impact(
      String metric, String role, double control, double effect, double half) {
    return new ImpactEstimate(
        ID,
        1,
        ImpactEstimate.TO_DATE_EPOCH,
        ImpactEstimate.ALL_STAGES,
        "off",
        "on",
        metric,
        role,
        "mean",
        "all",
        "*",
        ImpactEstimate.Aspect.OBSERVED,
        ImpactEstimate.TO_DATE_AGE,
        Maturity.MATURE,
        Censoring.ROLLED_BACK,
        START + HOURS * HOUR,
        "strata_mh",
        0.05,
        control,
        control + effect,
        effect,
        effect - half,
        effect + half,
        null,
        null,
        effect / control,
        (effect - half) / control,
        (effect + half) / control,
        0.01,
        28_000,
        28_100,
        "");
  }

  /** A row of a stage held against history: no test, and much worse. */
  public static Estimate againstHistory(String metric, Purpose purpose, long boundaryMs) {
    return new Estimate(
        ID,
        1,
        2,
        "half",
        boundaryMs,
        0,
        "",
        "on",
        metric,
        SegmentDimension.ALL,
        SegmentDimension.EVERY_UNIT,
        purpose,
        Estimate.BASELINE,
        "season",
        "season_index",
        0.003,
        null,
        0.2,
        0.06,
        -0.14,
        null,
        null,
        -0.7,
        -0.8,
        -0.6,
        null,
        null,
        0,
        2_100,
        "");
  }

  /** {@link #rolledBack} under another spec, with other effects and comparisons. */
  static ReportData with(
      RolloutSpec spec, List<ImpactEstimate> impacts, List<StageComparison> comparisons) {
    return new ChangedReport(rolledBack())
        .spec(spec)
        .impacts(impacts)
        .comparisons(comparisons)
        .data();
  }
}
