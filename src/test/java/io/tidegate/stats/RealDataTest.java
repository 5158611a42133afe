package io.tidegate.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.stats.estimate.Difference;
import io.tidegate.stats.estimate.Proportions;
import io.tidegate.stats.estimate.TTest;
import io.tidegate.stats.estimate.Welch;
import io.tidegate.stats.sequence.ChiSquareSplit;
import io.tidegate.stats.sequence.Interval;
import io.tidegate.stats.sequence.RatioStratum;
import io.tidegate.stats.sequence.Side;
import io.tidegate.stats.sums.Moments;
import io.tidegate.stats.sums.UnitSums;
import io.tidegate.stats.tail.Tails;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Published experiments: our figures equal the published ones. */
class RealDataTest {
  private static final String HILLSTROM = "hillstrom/hillstrom.csv.gz";
  private static final double NORMAL_95 = Tails.normalUpperQuantile(0.025);

  @Test
  void hillstrom_effectsAndIntervals_areThePublishedOnes() {
    List<String[]> rows = RealData.rows(HILLSTROM);
    assertThat(rows).hasSize(64_001);
    assertEffect(rows, "Mens E-Mail", "visit", 0.076590, 0.069953, 0.083226);
    assertEffect(rows, "Womens E-Mail", "visit", 0.045233, 0.038894, 0.051573);
    assertEffect(rows, "Mens E-Mail", "conversion", 0.006805, 0.005000, 0.008610);
    assertEffect(rows, "Womens E-Mail", "conversion", 0.003111, 0.001499, 0.004723);
    assertEffect(rows, "Mens E-Mail", "spend", 0.769827, 0.485149, 1.054505);
    assertEffect(rows, "Womens E-Mail", "spend", 0.424412, 0.168965, 0.679860);
  }

  @Test
  void hillstrom_arms_splitEvenly() {
    List<String[]> rows = RealData.rows(HILLSTROM);
    int arm = RealData.column(rows.get(0), "segment");
    Map<String, Long> counts = new HashMap<>();
    rows.subList(1, rows.size()).forEach(row -> counts.merge(row[arm], 1L, Long::sum));
    assertThat(counts)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("Mens E-Mail", 21_307L, "No E-Mail", 21_306L, "Womens E-Mail", 21_387L));
    RatioStratum split = new RatioStratum(List.copyOf(counts.values()), List.of(1.0, 1.0, 1.0));
    assertThat(ChiSquareSplit.of(split).orThrow().pValue()).isCloseTo(0.904, within(5e-4));
  }

  private static void assertEffect(
      List<String[]> rows, String arm, String metric, double effect, double low, double high) {
    Difference difference = hillstrom(rows, arm, metric, row -> true);
    assertThat(difference.estimate()).isCloseTo(effect, within(5e-7));
    assertThat(difference.estimate() - NORMAL_95 * difference.se()).isCloseTo(low, within(1e-6));
    assertThat(difference.estimate() + NORMAL_95 * difference.se()).isCloseTo(high, within(1e-6));
  }

  @Test
  void hillstrom_segmentEffectsOnSpend_areThePublishedOnes() {
    List<String[]> rows = RealData.rows(HILLSTROM);
    assertSegment(rows, "channel", "Web", 0.850449);
    assertSegment(rows, "channel", "Phone", 0.564074);
    assertSegment(rows, "channel", "Multichannel", 1.209129);
    assertSegment(rows, "newbie", "0", 0.577967);
    assertSegment(rows, "newbie", "1", 0.960020);
    Difference largest = assertSegment(rows, "history_segment", "7) $1,000 +", 1.322067);
    assertThat(largest.test().orThrow().interval().contains(0)).isTrue();
  }

  private static Difference assertSegment(
      List<String[]> rows, String dimension, String value, double effect) {
    int column = RealData.column(rows.get(0), dimension);
    Difference difference =
        hillstrom(rows, "Mens E-Mail", "spend", row -> row[column].equals(value));
    assertThat(difference.estimate()).as(value).isCloseTo(effect, within(5e-7));
    return difference;
  }

  private static Difference hillstrom(
      List<String[]> rows, String arm, String metric, Predicate<String[]> kept) {
    int armColumn = RealData.column(rows.get(0), "segment");
    int valueColumn = RealData.column(rows.get(0), metric);
    Map<String, UnitSums> sums = new HashMap<>();
    for (String[] row : rows.subList(1, rows.size())) {
      if (kept.test(row)) {
        sums.computeIfAbsent(row[armColumn], a -> new UnitSums())
            .enter(micros(row[valueColumn]), 0);
      }
    }
    return Welch.difference(moments(sums, "No E-Mail"), moments(sums, arm), Side.TWO, 0.05, 0)
        .orThrow();
  }

  private static Moments moments(Map<String, UnitSums> sums, String arm) {
    return sums.getOrDefault(arm, new UnitSums()).moments();
  }

  private static long micros(String number) {
    return new BigDecimal(number).movePointRight(6).longValueExact();
  }

  @Test
  void cookieCats_retention_isThePublishedOne() {
    List<String[]> rows = RealData.rows("cookie_cats/cookie_cats.csv.gz");
    long[] day1 = successes(rows, "retention_1");
    long[] day7 = successes(rows, "retention_7");
    assertThat(day1[1]).isEqualTo(44_700);
    assertThat(day1[3]).isEqualTo(45_489);
    Proportions.Comparison first = compare(day1);
    assertThat((double) day1[0] / day1[1]).isCloseTo(0.448188, within(5e-7));
    assertThat((double) day1[2] / day1[3]).isCloseTo(0.442283, within(5e-7));
    assertThat(first.pooled().orThrow().pValue()).isCloseTo(0.074410, within(5e-7));
    Proportions.Comparison seventh = compare(day7);
    assertThat((double) day7[0] / day7[1]).isCloseTo(0.190201, within(5e-7));
    assertThat((double) day7[2] / day7[3]).isCloseTo(0.182000, within(5e-7));
    assertThat(ChiSquareSplit.of(RatioStratum.of(day1[1], day1[3], 0.5)).orThrow().pValue())
        .isCloseTo(0.0086, within(5e-5));
    assertThat(seventh.difference()).isCloseTo(-0.008201, within(5e-7));
    assertThat(seventh.pooled().orThrow().pValue()).isCloseTo(0.001554, within(5e-7));
    Interval wald = normal(seventh.difference(), day7);
    assertThat(wald.lower()).isCloseTo(-0.013282, within(5e-7));
    assertThat(wald.upper()).isCloseTo(-0.003121, within(5e-7));
  }

  private static long[] successes(List<String[]> rows, String column) {
    int version = RealData.column(rows.get(0), "version");
    int value = RealData.column(rows.get(0), column);
    long[] counts = new long[4];
    for (String[] row : rows.subList(1, rows.size())) {
      int at = row[version].equals("gate_30") ? 0 : 2;
      counts[at] += row[value].equals("TRUE") ? 1 : 0;
      counts[at + 1]++;
    }
    return counts;
  }

  private static Proportions.Comparison compare(long[] counts) {
    return Proportions.compare(counts[0], counts[1], counts[2], counts[3], 0.05).orThrow();
  }

  private static Interval normal(double difference, long[] counts) {
    double se =
        Welch.difference(
                Moments.ofSuccesses(counts[0], counts[1]),
                Moments.ofSuccesses(counts[2], counts[3]),
                Side.TWO,
                0.05,
                0)
            .orThrow()
            .se();
    return new Interval(difference - NORMAL_95 * se, difference + NORMAL_95 * se);
  }

  @Test
  void udacity_conversions_haveThePublishedIntervals() {
    assertUdacity("clicks", "enrollments", -0.0206, -0.0291, -0.0120);
    assertUdacity("clicks", "payments", -0.0049, -0.0116, 0.0019);
    assertUdacity("enrollments", "payments", 0.0311, 0.0081, 0.0541);
  }

  @Test
  void udacity_invariants_splitEvenly() {
    assertShare("pageviews", 0.5006, 0.4988, 0.5012);
    assertShare("clicks", 0.5005, 0.4959, 0.5041);
  }

  /** The published range is that of an even split's share, 95 %. */
  private static void assertShare(String column, double share, double low, double high) {
    List<String[]> rows = RealData.rows("udacity_free_trial/free_trial_screener.csv");
    int arm = RealData.column(rows.get(0), "arm");
    int value = RealData.column(rows.get(0), column);
    long[] units = new long[2];
    for (String[] row : rows.subList(1, rows.size())) {
      units[row[arm].equals("control") ? 0 : 1] += Long.parseLong(row[value]);
    }
    long n = units[0] + units[1];
    double width = NORMAL_95 * Math.sqrt(0.25 / n);
    assertThat((double) units[0] / n).isCloseTo(share, within(5e-5));
    assertThat(0.5 - width).isCloseTo(low, within(5e-5));
    assertThat(0.5 + width).isCloseTo(high, within(5e-5));
    assertThat(ChiSquareSplit.of(RatioStratum.of(units[0], units[1], 0.5)).orThrow().pValue())
        .isGreaterThan(0.05);
  }

  @Test
  void udacity_signTests_areThePublishedOnes() {
    assertThat(daysWithMore("enrollments")).isEqualTo(4);
    assertThat(daysWithMore("payments")).isEqualTo(10);
    assertThat(2 * Tails.binomialCdf(4, 23, 0.5)).isCloseTo(0.0026, within(5e-5));
    assertThat(2 * Tails.binomialCdf(10, 23, 0.5)).isCloseTo(0.6776, within(5e-5));
  }

  /** Days, of 23, on which the experiment's share of clicks is the larger one. */
  private static long daysWithMore(String outcome) {
    List<String[]> rows = RealData.rows("udacity_free_trial/free_trial_screener.csv");
    String[] header = rows.get(0);
    Map<String, double[]> shares = new HashMap<>();
    for (String[] row : rows.subList(1, rows.size())) {
      String successes = row[RealData.column(header, outcome)];
      if (!successes.isEmpty()) {
        int arm = row[RealData.column(header, "arm")].equals("control") ? 0 : 1;
        shares.computeIfAbsent(row[RealData.column(header, "date")], d -> new double[2])[arm] =
            Double.parseDouble(successes)
                / Double.parseDouble(row[RealData.column(header, "clicks")]);
      }
    }
    assertThat(shares).hasSize(23);
    return shares.values().stream().filter(s -> s[1] > s[0]).count();
  }

  private static void assertUdacity(
      String base, String outcome, double effect, double low, double high) {
    List<String[]> rows = RealData.rows("udacity_free_trial/free_trial_screener.csv");
    String[] header = rows.get(0);
    long[] counts = new long[4];
    for (String[] row : rows.subList(1, rows.size())) {
      String successes = row[RealData.column(header, outcome)];
      if (!successes.isEmpty()) {
        int at = row[RealData.column(header, "arm")].equals("control") ? 0 : 2;
        counts[at] += Long.parseLong(successes);
        counts[at + 1] += Long.parseLong(row[RealData.column(header, base)]);
      }
    }
    Proportions.Comparison comparison = compare(counts);
    double se = comparison.difference() / comparison.pooled().orThrow().z();
    assertThat(comparison.difference()).isCloseTo(effect, within(5e-5));
    assertThat(comparison.difference() - NORMAL_95 * se).isCloseTo(low, within(1e-4));
    assertThat(comparison.difference() + NORMAL_95 * se).isCloseTo(high, within(1e-4));
  }

  @Test
  void workedExamples_haveThePublishedPValues() throws IOException {
    JsonNode examples = new ObjectMapper().readTree(RealData.file("worked_examples.json").toFile());
    for (JsonNode example : examples) {
      if (example.get("kind").asText().equals("welch")) {
        TTest test =
            Welch.difference(
                    variant(example.get("a")), variant(example.get("b")), Side.TWO, 0.05, 0)
                .orThrow()
                .test()
                .orThrow();
        assertThat(test.pValue()).isCloseTo(example.get("published_p").asDouble(), within(5e-6));
        assertThat(test.interval().lower())
            .isCloseTo(example.get("published_ci").get(0).asDouble(), within(5e-6));
        assertThat(test.interval().upper())
            .isCloseTo(example.get("published_ci").get(1).asDouble(), within(5e-6));
      } else {
        JsonNode observed = example.get("observed");
        RatioStratum split =
            RatioStratum.of(observed.get(0).asLong(), observed.get(1).asLong(), 0.5);
        assertThat(ChiSquareSplit.of(split).orThrow().pValue())
            .as(example.get("id").asText())
            .isCloseTo(
                example.get("published_p").asDouble(), within(example.get("tol").asDouble()));
      }
    }
  }

  private static Moments variant(JsonNode in) {
    double sd = in.get("sd").asDouble();
    return Moments.of(in.get("n").asLong(), in.get("mean").asDouble(), sd * sd);
  }
}
