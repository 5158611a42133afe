package io.tidegate.analysis.impact;

import static io.tidegate.analysis.impact.Rollouts.DAY;
import static io.tidegate.analysis.impact.Rollouts.at;
import static io.tidegate.analysis.impact.Rollouts.outcome;
import static io.tidegate.analysis.impact.Rollouts.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.Points;
import io.tidegate.analysis.attribution.RolloutContext;
import io.tidegate.analysis.attribution.UnitHistory;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.Assignment;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.ImpactEstimate.Aspect;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.stats.RealData;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Effects adjusted by what units did before the rollout. */
class AdjustedRowsTest {

  private static final double EFFECT = 2;

  /** What units of one world come to. */
  private static final class World {
    private final RolloutContext context;
    private final SliceBook book;
    private final UnitFollower follower;

    World() {
      Timeline timeline =
          Rollouts.timeline(
              Rollouts.spec(
                  Assignment.MATCHED,
                  List.of(stage("half", 50), stage("full", 100)),
                  null,
                  List.of(),
                  List.of(Rollouts.revenue(null)),
                  0),
              at(0, Kind.STAGE_ENTERED, "half"));
      context = new RolloutContext(0, timeline);
      book = new SliceBook(ImpactPlan.of(Rollouts.ID, timeline.attempts().get(0), 20 * DAY));
      follower = new UnitFollower(book.plan(), book);
    }

    void add(long unit, boolean treated, double spent, @Nullable Double before) {
      List<Point> points =
          List.of(
              Rollouts.exposure(DAY, treated ? "on" : "off"),
              outcome(1, 2 * DAY, "purchase", Math.round(spent * 1e6)));
      points.forEach(point -> point.unitKey = unit);
      UnitHistory history = UnitHistory.of(points, 6);
      follower.follow(
          history.entries(context),
          history.points(),
          before == null
              ? List.of()
              : List.of(
                  Points.covariate(
                      "u" + unit,
                      Points.covariateName(Rollouts.ID, "revenue"),
                      0,
                      Math.round(before * 1e6))));
    }

    ImpactEstimate row(Aspect aspect) {
      SliceBook merged = new SliceBook(book.plan());
      merged.mergeBytes(book.toBytes());
      return ImpactTables.of(merged).effects().stream()
          .filter(e -> e.aspect() == aspect && e.epoch() == ImpactEstimate.TO_DATE_EPOCH)
          .filter(e -> e.ageDays() == ImpactEstimate.TO_DATE_AGE)
          .findFirst()
          .orElseThrow();
    }

    double saved() {
      return 1 - Math.pow(width(row(Aspect.ADJUSTED)) / width(row(Aspect.OBSERVED)), 2);
    }
  }

  private static double width(ImpactEstimate row) {
    return Objects.requireNonNull(row.effectSizeUpper())
        - Objects.requireNonNull(row.effectSizeLower());
  }

  @Test
  void adjusted_isUnbiasedAndHoldsTheTruth() {
    int worlds = Boolean.getBoolean("tidegate.full") ? 1_000 : 40;
    int held = 0;
    double sum = 0;
    for (int seed = 0; seed < worlds; seed++) {
      ImpactEstimate row = planted(seed, 0.3).row(Aspect.ADJUSTED);
      sum += Objects.requireNonNull(row.effectSize());
      held +=
          Objects.requireNonNull(row.effectSizeLower()) <= EFFECT
                  && EFFECT <= Objects.requireNonNull(row.effectSizeUpper())
              ? 1
              : 0;
    }
    assertThat(sum / worlds).isCloseTo(EFFECT, within(5 / Math.sqrt(worlds)));
    assertThat((double) held / worlds).isBetween(0.85, 1.0);
  }

  /** A correlation of 0.8 saves 0.64 of the variance, of 0.8 in 70 % of the units 0.45. */
  @Test
  void adjusted_savesWhatThePastExplains() {
    assertThat(planted(1, 0).saved()).isCloseTo(0.64, within(0.05));
    assertThat(planted(1, 0.3).saved()).isCloseTo(0.45, within(0.06));
  }

  @Test
  void fewCovariates_areNotUsed() {
    World world = planted(2, 0.9);
    assertThat(ImpactTables.of(world.book).effects())
        .isNotEmpty()
        .noneMatch(row -> row.aspect() == Aspect.ADJUSTED);
  }

  @Test
  void cdnow_pastSpendingExplainsPartOfLaterSpending() throws IOException {
    Map<Integer, double[]> customers = new HashMap<>();
    for (String line : Files.readAllLines(RealData.file("cdnow/CDNOW_sample.txt"))) {
      String[] f = line.trim().split("\\s+");
      boolean before = Integer.parseInt(f[2]) < 19_971_001;
      customers.computeIfAbsent(Integer.parseInt(f[1]), id -> new double[2])[before ? 0 : 1] +=
          Double.parseDouble(f[4]);
    }
    World world = new World();
    customers.forEach((id, spent) -> world.add(id, id % 2 == 0, spent[1], spent[0]));
    ImpactEstimate adjusted = world.row(Aspect.ADJUSTED);
    assertThat(adjusted.unitsControl() + adjusted.unitsTreatment()).isEqualTo(2_357);
    assertThat(adjusted.method()).isEqualTo(AdjustedRows.CUPED);
    assertThat(adjusted.effectSizeLower()).isNegative();
    assertThat(adjusted.effectSizeUpper()).isPositive();
    assertThat(world.saved()).isCloseTo(0.104, within(0.0005));
  }

  /** 400 units a variant; spending after and before has correlation 0.8 and a deviation of 10. */
  private static World planted(int seed, double missing) {
    SplittableRandom random = new SplittableRandom(seed);
    World world = new World();
    for (int unit = 0; unit < 800; unit++) {
      boolean treated = unit % 2 == 0;
      double before = 100 + 10 * random.nextGaussian();
      double spent = 100 + 0.8 * (before - 100) + 6 * random.nextGaussian();
      boolean known = random.nextDouble() >= missing;
      world.add(unit, treated, spent + (treated ? EFFECT : 0), known ? before : null);
    }
    return world;
  }
}
