package io.tidegate.cli.bench;

import io.tidegate.stats.season.HourOfWeek;
import io.tidegate.stats.season.SeasonFit;
import io.tidegate.stats.season.SeasonFitter;
import io.tidegate.stats.season.SeasonForecast;
import io.tidegate.stats.season.SeasonHistory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The product's model: what is expected of each hour of the week, and its spread. */
final class SeasonBuild {

  /** Weeks that a fit looks at. */
  static final int HISTORY_WEEKS = 8;

  private static final int SLOTS = HourOfWeek.SLOTS;

  private final Path folder;
  private final int weeks;
  private final int threads;
  private final double[][] events;
  private final double[][][] expected;

  SeasonBuild(Path folder, int series, int weeks, int threads) {
    this.folder = folder;
    this.weeks = weeks;
    this.threads = threads;
    events = new double[series][];
    expected = new double[series][weeks][];
  }

  /** Reads every file and fits every series as of the end of each week. */
  void everyWeek() throws IOException, InterruptedException, ExecutionException {
    build(0, 0);
  }

  /** Reads the files that one fit needs and fits every series once. */
  void lastWeek() throws IOException, InterruptedException, ExecutionException {
    build(weeks - HISTORY_WEEKS, weeks - 1);
  }

  /** What the last fit of a series expects, by hour of the week. */
  double[] newest(int series) {
    return expected[series][weeks - 1];
  }

  private void build(int fromWeek, int firstFit)
      throws IOException, InterruptedException, ExecutionException {
    for (int s = 0; s < events.length; s++) {
      events[s] = new double[(weeks - fromWeek) * SLOTS];
    }
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      inTurn(
          pool,
          fromWeek,
          weeks,
          week -> CountsReader.read(SeasonMedians.file(folder, week), events, fromWeek * SLOTS));
      SeasonFitter[] fitters = new SeasonFitter[threads];
      Arrays.setAll(fitters, t -> new SeasonFitter(SeasonFit.Settings.HOUR_OF_WEEK));
      inTurn(
          pool,
          0,
          threads,
          t -> {
            for (int s = t; s < events.length; s += threads) {
              fit(fitters[t], s, fromWeek, firstFit);
            }
          });
    } finally {
      pool.shutdown();
    }
  }

  private interface Part {
    void run(int number) throws IOException;
  }

  private static void inTurn(ExecutorService pool, int from, int to, Part part)
      throws InterruptedException, ExecutionException {
    List<Callable<Void>> parts = new ArrayList<>();
    for (int i = from; i < to; i++) {
      int number = i;
      parts.add(
          () -> {
            part.run(number);
            return null;
          });
    }
    for (Future<Void> done : pool.invokeAll(parts)) {
      done.get();
    }
  }

  private void fit(SeasonFitter fitter, int series, int fromWeek, int firstFit) {
    double[] flat = new double[SLOTS];
    Arrays.fill(flat, 1);
    SeasonHistory history = new SeasonHistory(SLOTS);
    for (int week = fromWeek; week < weeks; week++) {
      int start = (week - fromWeek) * SLOTS;
      for (int h = 0; h < SLOTS; h++) {
        history.add(events[series][start + h], 1, h, week, false);
      }
      if (week >= firstFit) {
        int oldest = StrictMath.max(0, history.size() - HISTORY_WEEKS);
        SeasonFit fit = fitter.fit(history, oldest, history.size(), flat).orThrow();
        SeasonForecast ahead = SeasonForecast.of(fit, 1).orThrow();
        double[] hours = new double[SLOTS];
        for (int h = 0; h < SLOTS; h++) {
          hours[h] = ahead.level() * fit.profile().get(h);
        }
        expected[series][week] = hours;
      }
    }
  }
}
