package io.tidegate;

import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Time and allocation of what is done over and over. Iterations are short, so that on a busy
 * machine some are not interrupted. Run by {@code ./tidegate test --jmh}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 40, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 200, time = 10, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public abstract class InnerLoop {

  /** Runs those of every class with the allocation profiler and prints one table. */
  public static void main(String[] args) throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include("^io\\.tidegate\\.")
                    .addProfiler(GCProfiler.class)
                    .build())
            .run();
    System.out.println("\n| operation | least ns | median ns | bytes |\n|---|---|---|---|");
    for (RunResult result : results) {
      double[] times =
          result.getBenchmarkResults().stream()
              .flatMap(r -> r.getIterationResults().stream())
              .mapToDouble(i -> i.getPrimaryResult().getScore())
              .sorted()
              .toArray();
      double bytes = result.getSecondaryResults().get("gc.alloc.rate.norm").getScore();
      System.out.printf(
          Locale.ROOT,
          "| %s | %.1f | %.1f | %.0f |%n",
          result.getPrimaryResult().getLabel(),
          times[0],
          times[times.length / 2],
          bytes);
    }
  }
}
