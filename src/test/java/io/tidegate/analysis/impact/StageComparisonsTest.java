package io.tidegate.analysis.impact;

import static io.tidegate.analysis.impact.RampWorld.CONVERSION;
import static io.tidegate.model.StageComparison.BASELINE;
import static io.tidegate.model.StageComparison.CONTROL;
import static io.tidegate.model.StageComparison.FIRST_STAGE;
import static io.tidegate.model.StageComparison.MIX;
import static io.tidegate.model.StageComparison.RAW;
import static io.tidegate.model.StageComparison.SEASON;
import static io.tidegate.model.StageComparison.SEASON_MIX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.model.Resolved;
import io.tidegate.model.StageComparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;

/** Ramps without any effect in a simulated shop: what the season and the mix make of them. */
class StageComparisonsTest {

  private static final boolean FULL = Boolean.getBoolean("tidegate.full");

  /** Friday, Saturday, Monday to Thursday. */
  private static final List<Double> FRIDAY_TO_MONDAY = List.of(4.0, 5.0, 7.0, 10.0);

  private static final List<Double> TWO_WEEKS = List.of(0.0, 7.0, 14.0);
  private static final double KEPT = 0.3;

  @Test
  void a_ramp_from_friday_to_monday_without_effect_shows_none_once_the_season_is_taken_out()
      throws IOException {
    RampWorld world = new RampWorld(1, 3_000, FRIDAY_TO_MONDAY, 0.3, point -> true);
    List<StageComparison> rows = world.tables(world.resolved()).comparisons();
    for (String variant : List.of("off", "on")) {
      StageComparison naive = row(rows, variant, "s3", FIRST_STAGE, "all", "*", RAW);
      assertThat(naive.relEffectSize()).as("naive before/after, %s", variant).isLessThan(-0.15);
      assertThat(naive.relEffectSizeUpper()).isNegative();
      StageComparison normalised = row(rows, variant, "s3", FIRST_STAGE, "all", "*", SEASON);
      assertThat(normalised).matches(StageComparisonsTest::coversZero, "covers zero");
      assertThat(Math.abs(normalised.relEffectSize())).isLessThan(0.08);
      assertThat(normalised.baselinesSnapshotId()).isEqualTo(7);
      assertThat(naive.baselinesSnapshotId()).isZero();
      for (String stage : List.of("s1", "s2", "s3")) {
        assertThat(row(rows, variant, stage, BASELINE, "all", "*", SEASON))
            .matches(StageComparisonsTest::coversZero, "covers zero");
      }
    }
    StagePicture.check(
        Path.of("docs/pictures/friday-to-monday.svg"),
        "conversion without any effect, Friday's stage to Monday's",
        rows.stream()
            .filter(c -> c.metric().equals(CONVERSION) && c.basis().equals(FIRST_STAGE))
            .filter(c -> c.dimension().equals("all"))
            .toList());
  }

  @Test
  void intervals_of_normalised_comparisons_cover_no_effect_as_often_as_declared() {
    int worlds = FULL ? 60 : 2;
    int covered = 0;
    int made = 0;
    int naive = 0;
    for (int seed = 100; seed < 100 + worlds; seed++) {
      RampWorld world = new RampWorld(seed, FULL ? 3_000 : 1_000, FRIDAY_TO_MONDAY, 0.3, p -> true);
      for (StageComparison c : world.tables(world.resolved()).comparisons()) {
        if (c.basis().equals(FIRST_STAGE) && c.normalisation().equals(SEASON_MIX)) {
          made++;
          covered += coversZero(c) ? 1 : 0;
        }
        if (c.basis().equals(FIRST_STAGE)
            && c.normalisation().equals(RAW)
            && c.dimension().equals("all")
            && c.stage().equals("s3")
            && c.metric().equals(CONVERSION)) {
          naive += coversZero(c) ? 0 : 1;
        }
      }
    }
    System.out.printf(
        "%d ramps from Friday to Monday without effect: %d of %d normalised comparisons cover 0;"
            + " naive before/after excludes it in %d of %d%n",
        worlds, covered, made, naive, 2 * worlds);
    assertThat(made).isEqualTo(8 * worlds);
    int least = new BinomialDistribution(null, made, 0.95).inverseCumulativeProbability(0.001);
    assertThat(covered).isGreaterThanOrEqualTo(least);
  }

  @Test
  void a_mobile_share_that_doubles_is_explained_as_mix() throws IOException {
    long[] switchMs = {RampWorld.historyEnd() + 7 * RampWorld.DAY};
    RampWorld world =
        new RampWorld(
            2,
            3_000,
            TWO_WEEKS,
            0,
            point -> {
              boolean mobile = point.attribute("device").equals("mobile");
              boolean campaign = point.timeMs < switchMs[0] && share(point.unitKey) >= KEPT;
              boolean lost = point.name.equals("purchase") && share(point.idHash) < 0.6;
              return !mobile || (!campaign && !lost);
            });
    List<StageComparison> rows = world.tables(world.resolved()).comparisons();
    for (String variant : List.of("off", "on")) {
      assertThat(row(rows, variant, "s2", FIRST_STAGE, "all", "*", RAW).relEffectSizeUpper())
          .as("naive, %s", variant)
          .isLessThan(-0.05);
      for (String segment : List.of("mobile", "desktop")) {
        assertThat(row(rows, variant, "s2", FIRST_STAGE, "device", segment, SEASON))
            .matches(StageComparisonsTest::coversZero, "no effect in any segment");
      }
      for (String normalisation : List.of(MIX, SEASON_MIX)) {
        StageComparison at = row(rows, variant, "s2", FIRST_STAGE, "device", "*", normalisation);
        assertThat(at).matches(StageComparisonsTest::coversZero, "covers zero");
        assertThat(at.mixPartUpper()).isLessThan(-0.05);
        assertThat(at.reference()).contains("\"source\": \"baseline\"", "\"mobile\": 0.2");
      }
    }
    StageComparison naive = row(rows, "on", "s2", FIRST_STAGE, "all", "*", RAW);
    StageComparison mixed = row(rows, "on", "s2", FIRST_STAGE, "device", "*", MIX);
    assertThat((1 + mixed.relEffectSize()) * (1 + mixed.mixPart()))
        .as("the parts multiply to the whole")
        .isCloseTo(1 + naive.relEffectSize(), within(1e-9));
    assertThat(row(rows, "on", "s2", CONTROL, "device", "*", MIX))
        .matches(StageComparisonsTest::coversZero, "covers zero");
    StagePicture.check(
        Path.of("docs/pictures/mix-shift.svg"),
        "conversion without any effect while the share of mobile doubles",
        rows.stream()
            .filter(c -> c.metric().equals(CONVERSION) && c.basis().equals(FIRST_STAGE))
            .filter(c -> c.segment().equals("*") && !c.normalisation().equals(SEASON_MIX))
            .toList());
  }

  @Test
  void without_a_baseline_the_season_cannot_be_said_and_the_mix_is_the_rollouts_own() {
    RampWorld world = new RampWorld(3, 300, TWO_WEEKS, 0, point -> true);
    List<StageComparison> rows = world.tables(Resolved.NONE).comparisons();
    StageComparison season = row(rows, "on", "s2", FIRST_STAGE, "all", "*", SEASON);
    assertThat(season.relEffectSize()).isNull();
    assertThat(season.reason())
        .isEqualTo("the rollout was defined without a baseline of the metric");
    assertThat(row(rows, "on", "s2", FIRST_STAGE, "all", "*", RAW).relEffectSize()).isNotNull();
    assertThat(row(rows, "on", "s2", FIRST_STAGE, "device", "*", SEASON_MIX).reason())
        .isEqualTo(season.reason());
    StageComparison mix = row(rows, "on", "s2", FIRST_STAGE, "device", "*", MIX);
    assertThat(mix.relEffectSize()).isNotNull();
    assertThat(mix.reference()).contains("\"source\": \"rollout\"");
    assertThat(rows).noneMatch(c -> c.basis().equals(BASELINE));
  }

  private static double share(long hash) {
    return ((hash * 0x9E3779B97F4A7C15L) >>> 11) * 0x1p-53;
  }

  static boolean coversZero(StageComparison c) {
    double lower = Objects.requireNonNull(c.relEffectSizeLower(), c.reason());
    double upper = Objects.requireNonNull(c.relEffectSizeUpper(), c.reason());
    return lower < 0 && upper > 0;
  }

  private static StageComparison row(
      List<StageComparison> rows,
      String variant,
      String stage,
      String basis,
      String dimension,
      String segment,
      String normalisation) {
    List<StageComparison> found = new ArrayList<>(rows);
    found.removeIf(
        c ->
            !c.metric().equals(CONVERSION)
                || !c.variant().equals(variant)
                || !c.stage().equals(stage)
                || !c.basis().equals(basis)
                || !c.dimension().equals(dimension)
                || !c.segment().equals(segment)
                || !c.normalisation().equals(normalisation));
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  /** Draws comparisons as a picture for the docs; the one committed must be the same. */
  private static final class StagePicture {
    private static final int WIDTH = 760;
    private static final int LEFT = 300;
    private static final int ROW = 26;
    private static final int TOP = 44;

    static void check(Path file, String title, List<StageComparison> rows) throws IOException {
      String picture = draw(title, rows);
      if (Boolean.getBoolean("tidegate.update")) {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, picture);
      }
      assertThat(file).hasContent(picture);
    }

    private static String draw(String title, List<StageComparison> rows) {
      double limit = 0.05;
      for (StageComparison c : rows) {
        limit = Math.max(limit, Math.abs(Objects.requireNonNull(c.relEffectSizeLower())));
        limit = Math.max(limit, Math.abs(Objects.requireNonNull(c.relEffectSizeUpper())));
      }
      int height = TOP + ROW * rows.size() + 34;
      double middle = (LEFT + WIDTH - 20) / 2.0;
      double scale = (WIDTH - 20 - LEFT) / 2.0 / limit;
      StringBuilder svg = new StringBuilder();
      svg.append(
          String.format(
              Locale.ROOT,
              """
          <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">
          <rect width="100%%" height="100%%" fill="#ffffff"/>
          <text x="12" y="24" font-size="15">%s</text>
          <line x1="%.1f" x2="%.1f" y1="%d" y2="%d" stroke="#222222"/>
          """,
              WIDTH,
              height,
              title,
              middle,
              middle,
              TOP - 8,
              height - 28));
      for (int i = 0; i < rows.size(); i++) {
        StageComparison c = rows.get(i);
        double y = TOP + ROW * (i + 0.5);
        String color = c.normalisation().equals(RAW) ? "#6b7684" : "#1f6fb5";
        double change = Objects.requireNonNull(c.relEffectSize());
        String said =
            switch (c.normalisation()) {
              case RAW -> "as it stands";
              case SEASON -> "season taken out";
              default -> "at one mix of " + c.dimension();
            };
        svg.append(
            String.format(
                Locale.ROOT,
                """
            <text x="12" y="%.1f">%s vs. %s, %s: %s</text>
            <line x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f" stroke="%s" stroke-width="3"/>
            <circle cx="%.1f" cy="%.1f" r="5" fill="%s"/>
            <text x="%.1f" y="%.1f" font-size="11" text-anchor="middle" fill="%s">%+.0f %%</text>
            """,
                y + 4,
                c.stage(),
                c.basisStage(),
                c.variant(),
                said,
                middle + scale * Objects.requireNonNull(c.relEffectSizeLower()),
                middle + scale * Objects.requireNonNull(c.relEffectSizeUpper()),
                y,
                y,
                color,
                middle + scale * change,
                y,
                color,
                middle + scale * change,
                y - 8,
                color,
                100 * change));
      }
      svg.append(
          String.format(
              Locale.ROOT,
              """
          <text x="%.1f" y="%d" text-anchor="middle" font-size="12">no change; bars: 95 %% intervals</text>
          </svg>
          """,
              middle,
              height - 10));
      return svg.toString();
    }
  }
}
