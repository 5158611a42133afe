package io.tidegate.analysis.impact;

import io.tidegate.analysis.impact.AgeErrors.Reading;
import io.tidegate.analysis.impact.ImpactPlan.Series;
import io.tidegate.analysis.impact.PathSample.Path;
import io.tidegate.analysis.impact.ReturnShares.Form;
import io.tidegate.analysis.impact.View.Group;
import io.tidegate.analysis.impact.View.Members;
import io.tidegate.analysis.impact.View.Segment;
import io.tidegate.analysis.impact.View.Two;
import io.tidegate.analysis.metric.UnitFold;
import io.tidegate.model.RetentionPoint;
import io.tidegate.stats.estimate.MaxNormal;
import io.tidegate.stats.sums.UnitSums;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * The two-sided level at which each interval of a curve has to be taken so that all of the curve
 * hold together at {@link Contrast#ALPHA} ({@link MaxNormal}). The same units are followed through
 * all ages, so the level lies between that of one interval and Bonferroni's. It is computed from
 * the units of the curve's own segment: within one a unit's days go less together than over all.
 * Mutable, for it keeps what it found.
 */
final class CurveLevels {

  /**
   * Part of the error kept back: the correlations are estimated too, and the estimates are only
   * nearly normal.
   */
  private static final double KEPT_BACK = 0.2;

  private static final Path NEVER_ACTIVE = new Path(0, new int[0], new long[0], new long[0]);

  private final View view;
  private final MaxNormal normal = new MaxNormal();
  private final Map<List<Object>, Double> found = new HashMap<>();

  CurveLevels(View view) {
    this.view = view;
  }

  /**
   * Of the effect on a metric or on capped value.
   *
   * @param ages of the curve, in days
   */
  double ofSeries(Segment segment, Group group, int variant, int index, int[] ages) {
    Series series = view.plan().series().get(index);
    boolean isRatio = series.metric().kind().isRatio();
    Path unmoved = unmoved(series.fold());
    return level(
        List.of(variant, index),
        Members.all(segment, group),
        variant,
        (slice, sums) ->
            AgeErrors.of(
                Arrays.stream(ages)
                    .mapToObj(age -> Arm.of(slice, sums.series(index).at(age), isRatio))
                    .toArray(Arm[]::new),
                ages,
                sums.trails(index),
                unmoved,
                new Numbers(unmoved)));
  }

  /**
   * Of the difference of shares that came back.
   *
   * @param ages of the curve, in periods
   */
  double ofReturns(
      Members members, int variant, int activity, String period, Form form, int[] ages) {
    int periods = ages[ages.length - 1] + 1;
    boolean byWeek = period.equals(RetentionPoint.WEEK);
    return level(
        List.of(members.name(), variant, activity, period, form),
        members,
        variant,
        (slice, sums) -> {
          ReturnCounts counts = byWeek ? sums.weeks(activity) : sums.days(activity);
          ReturnShares shares = ReturnShares.of(counts, periods);
          if (form.isSurvival()) {
            return SurvivalErrors.of(shares, form, ages);
          }
          return AgeErrors.of(
              Arrays.stream(ages).mapToObj(age -> shares.arm(slice, form, age)).toArray(Arm[]::new),
              ages,
              sums.visits(activity),
              NEVER_ACTIVE,
              new Returns(form, byWeek ? 7 : 1, counts.absence()));
        });
  }

  private double level(
      List<Object> curve,
      Members members,
      int variant,
      BiFunction<Slice, SliceSums, CurveErrors> errors) {
    List<Object> key = List.of(members.segment(), members.group(), curve);
    Double known = found.get(key);
    if (known == null) {
      known = level(view.twins(members, variant, errors));
      found.put(key, known);
    }
    return known;
  }

  /** Over strata with the weights of {@link Contrasts}. */
  private double level(List<Two<CurveErrors>> strata) {
    int size = strata.isEmpty() ? 0 : strata.get(0).control().size();
    double[] all = new double[size];
    for (Two<CurveErrors> stratum : strata) {
      for (int j = 0; j < size; j++) {
        all[j] += weight(stratum, j);
      }
    }
    double[][] covariance = new double[size][size];
    for (Two<CurveErrors> stratum : strata) {
      double[] weights = new double[size];
      Arrays.setAll(weights, j -> all[j] == 0 ? 0 : weight(stratum, j) / all[j]);
      stratum.control().addTo(covariance, weights);
      stratum.treatment().addTo(covariance, weights);
    }
    int[] said = IntStream.range(0, size).filter(j -> covariance[j][j] > 0).toArray();
    double[][] kept = new double[said.length][said.length];
    for (int j = 0; j < said.length; j++) {
      for (int i = 0; i <= j; i++) {
        kept[j][i] = covariance[said[j]][said[i]];
      }
    }
    return said.length < 2 ? Contrast.ALPHA : normal.level(kept, Contrast.ALPHA * (1 - KEPT_BACK));
  }

  private static double weight(Two<CurveErrors> stratum, int index) {
    return Contrasts.weight(stratum.control().units(index), stratum.treatment().units(index));
  }

  private static Path unmoved(UnitFold fold) {
    long[] state = new long[fold.slots()];
    return new Path(0, new int[] {0}, new long[] {fold.y(state, 0)}, new long[] {fold.d(state, 0)});
  }

  /**
   * Reads the number at the end of an age.
   *
   * @param start a unit whose number has not moved
   */
  private record Numbers(Path start) implements Reading {
    @Override
    public boolean counts(Path path, int age) {
      return age <= path.mature();
    }

    @Override
    public long y(Path path, int age) {
      int step = step(path, age);
      return step < 0 ? start.levels()[0] : path.levels()[step];
    }

    @Override
    public long d(Path path, int age) {
      int step = step(path, age);
      if (step < 0) {
        return start.denominators()[0];
      }
      return path.denominators().length == 0 ? 0 : path.denominators()[step];
    }

    /** Index of the last step up to an age; −1 before the first. */
    private static int step(Path path, int age) {
      int at = Arrays.binarySearch(path.ages(), age);
      return at >= 0 ? at : -at - 2;
    }
  }

  /** Reads whether a unit came back: 1 or 0. */
  private record Returns(Form form, int daysPerPeriod, int absence) implements Reading {
    @Override
    public boolean counts(Path path, int age) {
      return age < path.mature() / daysPerPeriod;
    }

    @Override
    public long y(Path path, int age) {
      for (int day : path.ages()) {
        int period = (day - 1) / daysPerPeriod;
        if (came(period, age)) {
          return UnitSums.SCALE;
        }
      }
      return 0;
    }

    private boolean came(int period, int age) {
      return switch (form) {
        case BOUNDED -> period >= 1 && period <= age;
        case UNBOUNDED -> period >= age;
        case ROLLING -> period > age - absence && period <= age;
        default -> period == age;
      };
    }

    @Override
    public long d(Path path, int age) {
      return 0;
    }
  }
}
