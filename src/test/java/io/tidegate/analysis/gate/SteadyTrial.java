package io.tidegate.analysis.gate;

import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.attribution.CellBatch;
import io.tidegate.analysis.attribution.CellKey;
import io.tidegate.analysis.attribution.Plan;
import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.Assignment;
import io.tidegate.model.Evaluation;
import io.tidegate.model.Metric;
import io.tidegate.model.Resolved;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.SegmentDimension;
import io.tidegate.model.Stage;
import io.tidegate.model.Verdict;
import io.tidegate.stats.sequence.calibration.Draws;
import io.tidegate.stats.sums.UnitSums;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@code matched} stage at 50 % in which users come one to one, look by look, and do at once all
 * that they will do. The gate is the real one; what a user does is a sum that attribution would
 * have made.
 */
public final class SteadyTrial {

  /** What users of one variant and segment do: adds to the sum of each channel. */
  @FunctionalInterface
  public interface Behaviour {
    void add(Draws draws, int users, int segment, boolean treated, UnitSums[] channels);
  }

  private static final long ENTERED_MS = Rollouts.START_MS;
  private static final long LOOK_MS = 60_000L;

  final Attempt attempt;
  final Plan plan;
  final Budget budget;
  private final Timeline timeline;
  private final int segments;

  /**
   * @param segments number of equally large segments of one dimension; 0 for none
   */
  public SteadyTrial(List<Metric> metrics, int segments, Resolved resolved, double alphaRollback) {
    RolloutSpec spec = spec(metrics, segments, alphaRollback);
    this.timeline = Rollouts.timeline(spec, resolved, List.of(ENTERED_MS));
    this.attempt = timeline.attempts().get(0);
    this.plan = Plan.of(attempt.definition());
    this.budget = Budget.of(attempt, plan);
    this.segments = segments;
  }

  private static RolloutSpec spec(List<Metric> metrics, int segments, double alphaRollback) {
    RolloutSpec base = Rollouts.spec("m", Assignment.MATCHED);
    List<Stage> stages = base.stages().stream().filter(s -> s.percent() >= 50).toList();
    List<String> listed = new ArrayList<>();
    for (int s = 0; s < segments - 2; s++) {
      listed.add("s" + s);
    }
    return Rollouts.spec(
        base,
        Duration.ofMillis(LOOK_MS),
        stages,
        segments == 0 ? List.of() : List.of(new SegmentDimension("segment", listed, 0)),
        metrics,
        new RolloutSpec.Decision(alphaRollback, 0.05, 0.8, Duration.ofHours(6)));
  }

  public Run start(Draws draws, Behaviour behaviour) {
    return new Run(draws, behaviour);
  }

  /**
   * Writes the sums of a cell for {@link GateState#add}.
   *
   * @param sums by channel; the last counts units
   */
  static void write(
      long bucketMs,
      int stratum,
      int variant,
      int dimension,
      int segment,
      UnitSums[] sums,
      DataOutputStream out) {
    try {
      for (int c = 0; c < sums.length; c++) {
        int channel = c == sums.length - 1 ? CellKey.UNITS : c;
        out.writeLong(bucketMs);
        CellBatch.writeCell(
            new CellKey(1, CellKey.MATCHED, stratum, variant, dimension, segment, channel),
            sums[c],
            out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sums by channel of a plan; the last counts units. */
  static UnitSums[] sums(Plan plan) {
    UnitSums[] sums = new UnitSums[plan.channels().size() + 1];
    for (int c = 0; c < sums.length; c++) {
      sums[c] = new UnitSums();
    }
    return sums;
  }

  /** One run. Mutable. */
  public final class Run {
    private final GateState state = new GateState();
    private final Draws draws;
    private final Behaviour behaviour;
    private int look;

    private Run(Draws draws, Behaviour behaviour) {
      this.draws = draws;
      this.behaviour = behaviour;
    }

    /**
     * Users of both variants come, spread evenly over the segments.
     *
     * @param harmed whether the treatment does to them what it does
     * @return each variant's sums by channel
     */
    public UnitSums[][] arrive(int users, boolean harmed) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      UnitSums[][] all = new UnitSums[2][];
      for (int v = 0; v < 2; v++) {
        all[v] = sums(plan);
        int parts = Math.max(1, segments);
        for (int s = 0; s < parts; s++) {
          int came = users * (s + 1) / parts - users * s / parts;
          UnitSums[] own = sums(plan);
          for (int u = 0; u < came; u++) {
            own[own.length - 1].enter(0, 0);
          }
          behaviour.add(draws, came, s, harmed && v == 1, own);
          for (int c = 0; c < own.length; c++) {
            all[v][c].add(own[c]);
          }
          if (segments > 0) {
            write(ENTERED_MS + look * LOOK_MS, 0, v, 0, s, own, out);
          }
        }
        write(ENTERED_MS + look * LOOK_MS, 0, v, -1, 0, all[v], out);
      }
      state.add(bytes.toByteArray());
      return all;
    }

    /** Evaluates the next boundary. */
    public boolean rolledBack() {
      look++;
      Evaluation evaluation = Gate.evaluate(state, timeline, ENTERED_MS + look * LOOK_MS);
      return evaluation != null && evaluation.signal().verdict() == Verdict.ROLLBACK;
    }

    StageProcess process() {
      return StageProcess.of(state.sums, attempt, plan, attempt.epochs().get(0));
    }
  }
}
