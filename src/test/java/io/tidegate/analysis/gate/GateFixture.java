package io.tidegate.analysis.gate;

import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.attribution.ArrivalFact;
import io.tidegate.analysis.attribution.CellKey;
import io.tidegate.analysis.attribution.Plan;
import io.tidegate.analysis.attribution.PostedCells;
import io.tidegate.analysis.attribution.UnitDelta;
import io.tidegate.analysis.timeline.Definition;
import io.tidegate.analysis.timeline.Sequencer;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.Assignment;
import io.tidegate.model.ControlEvent;
import io.tidegate.model.Evaluation;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Reason;
import io.tidegate.model.Resolved;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Stage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A gate over {@link Rollouts}' ramp whose sums are made by hand. Mutable. */
public final class GateFixture {

  public static final long ENTERED_MS = Rollouts.START_MS + 17 * 60_000L;

  private static final long ONE = 1_000_000L;
  private static final int CONVERSION = 0;
  private static final int REQUESTS = 1;
  private static final int REVENUE = 2;
  private static final int ERRORS = 3;

  /** Room for eight segments in each of two dimensions. */
  private static final int[] STARTS = {1, 9, 17};

  public final GateState state = new GateState();
  public final List<RolloutEvent> events = new ArrayList<>(Rollouts.events("m").subList(0, 2));
  public RolloutSpec spec;
  public Resolved resolved = Resolved.NONE;

  private final Assignment assignment;
  private RolloutSpec.Flag flag;
  private RolloutSpec.@Nullable Holdout holdout;
  private int attempt = 1;
  private int stage;
  private long bucketMs = ENTERED_MS;
  private int day = -1;

  public GateFixture() {
    this(Assignment.MATCHED);
  }

  public GateFixture(Assignment assignment) {
    this.assignment = assignment;
    this.spec = Rollouts.spec("m", assignment);
    this.flag = spec.flag();
  }

  /** Enters a stage, an hour's number after the start; the units that follow enter there. */
  public GateFixture stage(int index, long hours) {
    stage = index;
    return event(RolloutEvent.Kind.STAGE_ENTERED, spec.stages().get(index).name(), hours);
  }

  /** What follows happens in an hour after the start. */
  public GateFixture hour(long hours) {
    bucketMs = Math.max(ENTERED_MS, Rollouts.START_MS + hours * Rollouts.HOUR_MS);
    return this;
  }

  /** What follows enters the stage, which has no control, on a day of it. */
  public GateFixture day(int number) {
    day = number;
    return this;
  }

  /** A new attempt's first stage. */
  public GateFixture again(long hours) {
    attempt++;
    event(RolloutEvent.Kind.ROLLED_BACK, "", hours);
    return stage(0, hours + 1);
  }

  public GateFixture event(RolloutEvent.Kind kind, String stageName, long hours) {
    events.add(
        RolloutEvent.bare(
            kind + "-" + hours,
            Rollouts.START_MS + hours * Rollouts.HOUR_MS,
            "m",
            kind,
            stageName));
    return this;
  }

  /**
   * Units of a variant enter; {@code converts} of them buy, and each makes ten requests of which
   * {@code errors} in all fail.
   */
  public GateFixture enter(int variant, int units, int converts, int errors, int segment) {
    PostedCells batch = new PostedCells();
    for (int u = 0; u < units; u++) {
      add(batch, variant, segment, CellKey.UNITS, true, 0, 0);
      add(batch, variant, segment, REQUESTS, false, (9 + u % 3) * ONE, 0);
      if (u < converts) {
        add(batch, variant, segment, CONVERSION, false, ONE, 0);
        add(batch, variant, segment, REVENUE, false, (20 + u % 5) * ONE, 0);
      }
      add(batch, variant, segment, ERRORS, false, u < errors ? ONE : 0, 10 * ONE);
    }
    state.add(batch.write("m"));
    return this;
  }

  /** Units that are there already buy in a currency without a rate. */
  GateFixture unknownCurrency(int variant, int units) {
    PostedCells batch = new PostedCells();
    for (int u = 0; u < units; u++) {
      add(batch, variant, 0, REVENUE, false, 0, ONE);
    }
    state.add(batch.write("m"));
    return this;
  }

  /** Equal units in both variants that convert and fail alike. */
  public GateFixture alike(int units) {
    return enter(0, units, units / 5, units / 10, 0).enter(1, units, units / 5, units / 10, 0);
  }

  /** Events that took part, and units whose events came late. */
  public GateFixture late(int variant, int taken, int lateUnits) {
    return count(CellKey.USED, variant, taken).count(CellKey.LATE_UNITS, variant, lateUnits);
  }

  /** Units or events of a counting channel. */
  public GateFixture count(int channel, int variant, int number) {
    PostedCells batch = new PostedCells();
    for (int i = 0; i < number; i++) {
      add(batch, variant, 0, channel, true, 0, 0);
    }
    state.add(batch.write("m"));
    return this;
  }

  /** How records arrived. */
  public GateFixture arrived(ArrivalFact fact) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      fact.writeTo(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    state.arrived(bytes.toByteArray());
    return this;
  }

  /** Outcomes of a name that took part. */
  GateFixture happen(int variant, String outcome, int number) {
    int named = 1 + Plan.of(new Definition(spec, resolved, "")).outcomes().indexOf(outcome);
    PostedCells batch = new PostedCells();
    for (int i = 0; i < number; i++) {
      UnitDelta delta = delta(variant, CellKey.USED);
      delta.segments = new int[0];
      delta.outcome = named;
      delta.enters = true;
      batch.add(delta);
    }
    state.add(batch.write("m"));
    return this;
  }

  /** Units that join a stage without control name the flag's version by a number. */
  GateFixture version(int number, int units) {
    PostedCells batch = new PostedCells();
    for (int u = 0; u < units; u++) {
      UnitDelta delta = delta(1, CellKey.VERSION);
      delta.segments = new int[0];
      delta.outcome = number;
      delta.enters = true;
      batch.add(delta);
    }
    state.add(batch.write("m"));
    return this;
  }

  /** Units with the first outcome that is declared invariant. */
  public GateFixture joined(int variant, int number) {
    int channel = Plan.of(new Definition(spec, resolved, "")).invariantChannel(0);
    PostedCells batch = new PostedCells();
    for (int i = 0; i < number; i++) {
      add(batch, variant, 0, channel, false, ONE, 0);
    }
    state.add(batch.write("m"));
    return this;
  }

  /** Declares an outcome invariant. */
  public GateFixture invariant(String outcome) {
    spec = with(spec.stages(), new RolloutSpec.Quality(List.of(outcome)), spec.signOffs());
    return this;
  }

  /** Changes the first stage. */
  public GateFixture canary(@Nullable Duration maxDuration, boolean success, boolean manual) {
    List<Stage> stages = new ArrayList<>(spec.stages());
    Stage s = stages.get(0);
    stages.set(
        0,
        new Stage(
            s.name(),
            s.percent(),
            s.minDuration(),
            maxDuration,
            s.minUnits(),
            s.require(),
            success,
            manual,
            s.flagVersion(),
            s.settle(),
            s.proveWithin()));
    spec = with(stages, spec.quality(), spec.signOffs());
    return this;
  }

  /** Ships a second treatment beside the first, to as many units. */
  GateFixture secondTreatment(String name) {
    RolloutSpec.Flag one = spec.flag();
    String first = one.treatments().get(0);
    flag =
        new RolloutSpec.Flag(
            one.key(),
            one.control(),
            List.of(first, name),
            Map.of(one.control(), 1.0, first, 1.0, name, 1.0),
            one.salt(),
            one.notEnrolled());
    spec = with(spec.stages(), spec.quality(), spec.signOffs());
    return this;
  }

  /** Keeps a share of the units from the change in the last stage. */
  public GateFixture holdout(double percent) {
    holdout = new RolloutSpec.Holdout(percent, null);
    spec = with(spec.stages(), spec.quality(), spec.signOffs());
    return this;
  }

  public GateFixture signOff(String name, double beforePercent) {
    spec =
        with(spec.stages(), spec.quality(), List.of(new RolloutSpec.SignOff(name, beforePercent)));
    return this;
  }

  private RolloutSpec with(
      List<Stage> stages, RolloutSpec.Quality quality, List<RolloutSpec.SignOff> signOffs) {
    return new RolloutSpec(
        spec.id(),
        spec.owner(),
        spec.contact(),
        spec.respondWithin(),
        spec.hypothesis(),
        flag,
        spec.assignment(),
        spec.lookEvery(),
        spec.evidenceEvery(),
        stages,
        holdout,
        spec.segments(),
        spec.metrics(),
        spec.decision(),
        quality,
        signOffs,
        spec.cost(),
        spec.minSegmentUnits(),
        null);
  }

  private void add(
      PostedCells batch, int variant, int segment, int channel, boolean enters, long y, long d) {
    UnitDelta delta = delta(variant, channel);
    delta.segments = new int[] {0, segment};
    delta.enters = enters;
    delta.yNew = y;
    delta.dNew = d;
    batch.add(delta);
  }

  private UnitDelta delta(int variant, int channel) {
    UnitDelta delta = new UnitDelta();
    delta.segmentStarts = STARTS;
    delta.rolloutId = "m";
    delta.bucketMs = bucketMs;
    delta.attempt = attempt;
    boolean matched = assignment == Assignment.MATCHED && day < 0;
    delta.process = matched ? CellKey.MATCHED : stage;
    delta.stratum = matched ? stage : Math.max(0, day);
    delta.variant = variant;
    delta.channel = channel;
    delta.sign = 1;
    return delta;
  }

  public GateSignal look(long hours) {
    return signal(Gate.evaluate(state, timeline(), Rollouts.START_MS + hours * Rollouts.HOUR_MS));
  }

  public static GateSignal signal(@Nullable Evaluation evaluation) {
    if (evaluation == null) {
      throw new AssertionError("no evaluation");
    }
    return evaluation.signal();
  }

  public Timeline timeline() {
    Sequencer sequencer = new Sequencer();
    List<ControlEvent> controls = new ArrayList<>();
    events.forEach(e -> controls.add(sequencer.next(e)));
    return Timeline.of("m", controls, defined -> new Definition(spec, resolved, "hash-m"));
  }

  public GateFixture decide(String action, long hours, List<String> codes, String verdict) {
    return decide(new RolloutEvent.Decided(action, codes, verdict, ""), hours);
  }

  public GateFixture decide(RolloutEvent.Decided decided, long hours) {
    events.add(
        new RolloutEvent(
            "decision-" + hours,
            Rollouts.START_MS + hours * Rollouts.HOUR_MS,
            "m",
            RolloutEvent.Kind.DECISION,
            "",
            "ann",
            attempt,
            "seen",
            List.of(),
            List.of(),
            "",
            "",
            decided,
            null));
    return this;
  }

  public static List<String> codes(GateSignal signal) {
    return signal.reasons().stream().map(Reason::code).toList();
  }
}
