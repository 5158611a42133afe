package io.tidegate.analysis.impact;

import static io.tidegate.analysis.impact.Rollouts.DAY;
import static io.tidegate.analysis.impact.Rollouts.at;
import static io.tidegate.analysis.impact.Rollouts.outcome;
import static io.tidegate.analysis.impact.Rollouts.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.RolloutContext;
import io.tidegate.analysis.attribution.UnitHistory;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.Assignment;
import io.tidegate.model.Censoring;
import io.tidegate.model.Maturity;
import io.tidegate.model.RetentionPoint;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.RolloutSpec;
import io.tidegate.stats.RealData;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The purchases of CDNOW's customers against the figures of the data's own page. */
class CdnowTest {

  private static final String FILE = "cdnow/CDNOW_master.txt.gz";
  private static final LocalDate START = LocalDate.of(1997, 1, 1);
  private static final long FEBRUARY = 31;
  private static final long MARCH = 59;
  private static final long DATA_END_DAY =
      LocalDate.of(1998, 7, 1).toEpochDay() - START.toEpochDay();

  private static ImpactTables tables;

  @BeforeAll
  static void readAndFollow() throws IOException {
    RolloutSpec spec =
        Rollouts.spec(
            Assignment.MATCHED,
            List.of(stage("1997-01", 10), stage("1997-02", 20), stage("1997-03", 50)),
            null,
            List.of(),
            List.of(Rollouts.revenue(null), Rollouts.retention(7)),
            0);
    Timeline timeline =
        Rollouts.timeline(
            spec,
            at(0, Kind.STAGE_ENTERED, "1997-01"),
            at(FEBRUARY, Kind.STAGE_ENTERED, "1997-02"),
            at(MARCH, Kind.STAGE_ENTERED, "1997-03"));
    RolloutContext context = new RolloutContext(0, timeline);
    ImpactPlan plan = ImpactPlan.of(timeline, timeline.attempts().get(0), DATA_END_DAY * DAY);
    SliceBook book = new SliceBook(plan);
    UnitFollower follower = new UnitFollower(plan, book);
    customers()
        .forEach(
            (id, points) -> {
              UnitHistory history = UnitHistory.of(points, 6);
              follower.follow(history.entries(context), history.points());
            });
    tables = ImpactTables.of(book);
  }

  @Test
  void weeklyRetention_equalsThePublishedCounts() {
    assertThat(week(0, "eligible")).isEqualTo(23_570);
    assertThat(week(1, "retained")).isEqualTo(1265);
    assertThat(week(4, "retained")).isEqualTo(1049);
    assertThat(week(12, "retained")).isEqualTo(620);
    assertThat(week(26, "retained")).isEqualTo(527);
    assertThat(week(52, "retained")).isEqualTo(495);
  }

  @Test
  void cohorts_haveThePublishedSizes() {
    Map<String, Long> sizes = new TreeMap<>();
    weeks(0).forEach(r -> sizes.merge(r.stage(), r.units(), Long::sum));
    assertThat(sizes)
        .isEqualTo(Map.of("(all)", 23_570L, "1997-01", 7846L, "1997-02", 8476L, "1997-03", 7248L));
  }

  @Test
  void lateCohorts_endWhereDataEnds() {
    List<RetentionPoint> old = weeks(75);
    assertThat(old.stream().filter(r -> r.stage().equals("1997-01")))
        .isNotEmpty()
        .allMatch(r -> r.maturity() == Maturity.PROVISIONAL && r.rate() != null);
    assertThat(old.stream().filter(r -> r.stage().equals("1997-03")))
        .isNotEmpty()
        .allMatch(r -> r.maturity() == Maturity.CENSORED && r.rate() == null)
        .allMatch(r -> r.censoring() == Censoring.DATA_END);
  }

  @Test
  void revenue_addsUpToThePublishedTotal() {
    double total =
        tables.effects().stream()
            .filter(e -> e.metric().equals("revenue") && e.ageDays() == 0 && e.epoch() >= 0)
            .mapToDouble(
                e ->
                    said(e.control()) * e.unitsControl() + said(e.treatment()) * e.unitsTreatment())
            .sum();
    assertThat(total).isCloseTo(2_500_315.63, within(0.005));
  }

  private static double said(@Nullable Double number) {
    return Objects.requireNonNull(number);
  }

  private static long week(int age, String what) {
    return weeks(age).stream()
        .filter(r -> r.stage().equals("(all)"))
        .mapToLong(r -> what.equals("eligible") ? r.eligible() : r.retained())
        .sum();
  }

  private static List<RetentionPoint> weeks(int age) {
    return tables.retention().stream()
        .filter(r -> r.period().equals(RetentionPoint.WEEK))
        .filter(r -> r.definition().equals(RetentionPoint.EXACT) && r.age() == age)
        .toList();
  }

  private static Map<String, List<Point>> customers() throws IOException {
    Map<String, List<Point>> customers = new TreeMap<>();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(RealData.file(FILE))),
                StandardCharsets.US_ASCII))) {
      in.readLine();
      long row = 0;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] f = line.trim().split("\\s+");
        LocalDate date =
            LocalDate.of(
                Integer.parseInt(f[1].substring(0, 4)),
                Integer.parseInt(f[1].substring(4, 6)),
                Integer.parseInt(f[1].substring(6)));
        long timeMs = (date.toEpochDay() - START.toEpochDay()) * DAY;
        long micros = new BigDecimal(f[3]).movePointRight(6).longValueExact();
        List<Point> points = customers.computeIfAbsent(f[0], id -> new ArrayList<>());
        if (points.isEmpty()) {
          String variant = Integer.parseInt(f[0]) % 2 == 0 ? "on" : "off";
          points.add(Rollouts.exposure(timeMs, variant));
        }
        points.add(outcome(++row, timeMs, "purchase", micros));
        points.forEach(point -> point.unitKey = Long.parseLong(f[0]) * 0x9e3779b97f4a7c15L);
      }
    }
    return customers;
  }
}
