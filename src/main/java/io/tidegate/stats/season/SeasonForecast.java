package io.tidegate.stats.season;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import java.util.Arrays;
import java.util.List;

/**
 * The level to expect in a coming week and how sure it is (statistics.md §4).
 *
 * @param level median of the last 4 log levels, carried on by damped Theil–Sen growth
 * @param levelSd robust standard deviation of the log level's own back-tested errors; 0 with fewer
 *     than 4 levels
 * @param effectiveWeeks (Σ ω)²/Σ ω² of the weeks' recency weights
 * @param dispersion τ² to use for a coming bucket: τ²(m + 1)/(m − 1) + levelSd², m =
 *     effectiveWeeks; cannot say from one week
 */
public record SeasonForecast(
    double level, double levelSd, double effectiveWeeks, Stated<Double> dispersion) {
  private static final int RECENT = 4;

  /** Weeks whose growth counts. */
  static final int SPAN = 8;

  private static final double LARGEST_GROWTH = 0.05;
  private static final double DAMPING = 0.5;
  private static final int FIRST_TESTED = 3;

  /**
   * The forecast {@code gapWeeks} after the last week of a fit; cannot say where no week has a
   * positive level.
   */
  public static Stated<SeasonForecast> of(SeasonFit fit, double gapWeeks) {
    List<Stated<Double>> levels = fit.levels();
    double[] logs = new double[levels.size()];
    double[] errors = new double[levels.size()];
    int known = 0;
    int tested = 0;
    for (int w = 0; w < levels.size(); w++) {
      if (positive(levels.get(w))) {
        double log = StrictMath.log(levels.get(w).orThrow());
        if (w >= FIRST_TESTED && known > 0) {
          errors[tested++] = StrictMath.abs(log - logLevel(logs, known, gapWeeks));
        }
        logs[known++] = log;
      }
    }
    if (known == 0) {
      return Stated.cannotSay(Reason.NO_DATA, "no week has a positive level");
    }
    double sd = tested == 0 ? 0 : Medians.MAD_TO_SD * Medians.median(Arrays.copyOf(errors, tested));
    double weeks = effectiveWeeks(levels.size(), fit.halfLifeWeeks());
    Stated<Double> dispersion =
        levels.size() > 1
            ? Stated.of(fit.dispersion() * (weeks + 1) / (weeks - 1) + sd * sd)
            : Stated.cannotSay(Reason.TOO_FEW_UNITS, "one week of history");
    double level = StrictMath.exp(logLevel(logs, known, gapWeeks));
    return Stated.of(new SeasonForecast(level, sd, weeks, dispersion));
  }

  /** (Σ ω)²/Σ ω² of weeks that weigh half at an age of {@code halfLifeWeeks}; 0 for none. */
  public static double effectiveWeeks(int weeks, double halfLifeWeeks) {
    double sum = 0;
    double squares = 0;
    for (int age = 0; age < weeks; age++) {
      double weight = StrictMath.pow(0.5, age / halfLifeWeeks);
      sum += weight;
      squares += weight * weight;
    }
    return squares > 0 ? sum * sum / squares : 0;
  }

  /** What the first {@code known} log levels foretell. */
  static double logLevel(double[] logs, int known, double gapWeeks) {
    double[] recent = Arrays.copyOfRange(logs, StrictMath.max(0, known - RECENT), known);
    double growth = growth(Arrays.copyOfRange(logs, StrictMath.max(0, known - SPAN), known));
    double ahead = (recent.length - 1) / 2.0 + gapWeeks;
    return Medians.median(recent) + growth * ahead;
  }

  /** Half the Theil–Sen slope (Sen 1968), at most 5 % a week. */
  private static double growth(double[] logs) {
    double[] slopes = new double[logs.length * (logs.length - 1) / 2];
    int pairs = 0;
    for (int i = 0; i < logs.length; i++) {
      for (int j = i + 1; j < logs.length; j++) {
        slopes[pairs++] = (logs[j] - logs[i]) / (j - i);
      }
    }
    double slope = pairs == 0 ? 0 : Medians.median(slopes);
    return StrictMath.max(-LARGEST_GROWTH, StrictMath.min(LARGEST_GROWTH, DAMPING * slope));
  }

  private static boolean positive(Stated<Double> level) {
    return level.said() && level.orThrow() > 0;
  }
}
