package io.tidegate.analysis.attribution;

import org.jspecify.annotations.Nullable;

/**
 * Turns the steps of a rollout's fold into deltas of one sign; a poster without a sink says
 * nothing.
 */
final class Poster {

  private final UnitDelta delta = new UnitDelta();
  private final DeltaSink sink;
  private RolloutContext context;
  private @Nullable RolloutUnit base;
  private int sign;

  @SuppressWarnings("NullAway.Init") // on() comes first
  Poster(DeltaSink sink) {
    this.sink = sink;
  }

  /**
   * What follows is of this rollout.
   *
   * @param known its figures up to the last closed boundary, null where it has none
   */
  Poster on(RolloutContext newContext, @Nullable RolloutUnit known) {
    context = newContext;
    base = known;
    return this;
  }

  /** Whether nothing is sent. */
  boolean isSilent() {
    return sign == 0;
  }

  /** +1 makes changes, −1 takes them back, 0 is silent. */
  Poster signed(int newSign) {
    sign = newSign;
    return this;
  }

  /** The unit enters its process. */
  void entered(RolloutUnit unit, Plan plan, long effectiveMs) {
    count(unit, CellKey.UNITS, effectiveMs);
    for (int c = 0; c < plan.channels().size(); c++) {
      Plan.Channel channel = plan.channels().get(c);
      if (channel.fold().maturesAtMs() > 0) {
        place(unit, c, bucket(unit, plan, channel, effectiveMs));
        delta.enters = true;
        delta.yNew = channel.fold().y(unit.slots, channel.slot());
        delta.dNew = channel.fold().d(unit.slots, channel.slot());
        send();
      }
    }
  }

  /** The unit's pair of a channel moves from (yOld, dOld) to what its state says now. */
  void moved(RolloutUnit unit, Plan plan, int c, long yOld, long dOld, long effectiveMs) {
    Plan.Channel channel = plan.channels().get(c);
    long y = channel.fold().y(unit.slots, channel.slot());
    long d = channel.fold().d(unit.slots, channel.slot());
    if (y == yOld && d == dOld) {
      return;
    }
    place(unit, c, bucket(unit, plan, channel, effectiveMs));
    delta.enters = false;
    delta.yOld = yOld;
    delta.dOld = dOld;
    delta.yNew = y;
    delta.dNew = d;
    send();
  }

  /** The unit's pairs move from what an earlier state says to what its state says now. */
  void moved(RolloutUnit unit, Plan plan, long[] oldSlots, long effectiveMs) {
    for (int c = 0; c < plan.channels().size(); c++) {
      Plan.Channel channel = plan.channels().get(c);
      long y = channel.fold().y(oldSlots, channel.slot());
      long d = channel.fold().d(oldSlots, channel.slot());
      moved(unit, plan, c, y, d, effectiveMs);
    }
  }

  /** One more unit or event in a counting channel. */
  void count(RolloutUnit unit, int channel, long effectiveMs) {
    place(unit, channel, context.floorBoundary(effectiveMs));
    delta.enters = true;
    delta.yNew = 0;
    delta.dNew = 0;
    send();
  }

  /** The version of the flag that a unit joins a stage without control at; none where empty. */
  void version(RolloutUnit unit, String flagVersion, long effectiveMs) {
    if (!isSilent() && !flagVersion.isEmpty()) {
      place(unit, CellKey.VERSION, context.floorBoundary(effectiveMs));
      delta.segments = UnitDelta.NO_SEGMENTS;
      delta.outcome = CellKey.version(flagVersion);
      delta.enters = true;
      delta.yNew = 0;
      delta.dNew = 0;
      send();
    }
  }

  /**
   * An outcome that came in time, of a unit that takes part, where the running attempt reads it.
   */
  void used(Point outcome, long timeMs) {
    int attempt = isSilent() ? 0 : context.attemptNumber(timeMs);
    if (attempt > 0) {
      Plan.Reading reading = context.plan(attempt).reading(outcome.name);
      if (reading != null) {
        countEvent(known(attempt), attempt, CellKey.USED, reading.number(), timeMs);
      }
    }
  }

  /**
   * One more event of the attempt that runs, in the process, stratum and variant that the unit is
   * known by at the last closed boundary, while none of its events was late.
   */
  void event(int channel, long effectiveMs) {
    int attempt = context.attemptNumber(effectiveMs);
    if (attempt > 0) {
      countEvent(known(attempt), attempt, channel, 0, effectiveMs);
    }
  }

  /** Whether the attempt that runs knows the unit, with no event of it late so far. */
  boolean knows(long timeMs) {
    return known(context.attemptNumber(timeMs)) != null;
  }

  private @Nullable RolloutUnit known(int attempt) {
    RolloutUnit unit = base;
    return unit != null && unit.entered && unit.attempt == attempt && !unit.late ? unit : null;
  }

  private void countEvent(
      @Nullable RolloutUnit unit, int attempt, int channel, int outcome, long effectiveMs) {
    delta.attempt = attempt;
    delta.process = unit == null ? CellKey.MATCHED : unit.process;
    delta.stratum = unit == null ? 0 : unit.stratum;
    delta.variant = unit == null ? -1 : unit.variant;
    delta.segments = UnitDelta.NO_SEGMENTS;
    delta.segmentStarts = context.plan(attempt).segmentStarts();
    delta.channel = channel;
    delta.outcome = outcome;
    delta.bucketMs = context.floorBoundary(effectiveMs);
    delta.enters = true;
    delta.yNew = 0;
    delta.dNew = 0;
    send();
  }

  private void place(RolloutUnit unit, int channel, long bucketMs) {
    delta.attempt = unit.attempt;
    delta.process = unit.process;
    delta.stratum = unit.stratum;
    delta.variant = unit.variant;
    delta.segments = unit.segments;
    delta.segmentStarts = context.plan(unit.attempt).segmentStarts();
    delta.channel = channel;
    delta.outcome = 0;
    delta.bucketMs = bucketMs;
  }

  /**
   * A channel that waits for maturity posts just before the grid's first boundary at or after it.
   */
  private long bucket(RolloutUnit unit, Plan plan, Plan.Channel channel, long effectiveMs) {
    long now = context.floorBoundary(effectiveMs);
    long waits = channel.fold().maturesAtMs();
    if (waits == 0) {
      return now;
    }
    long grid = plan.definition().spec().lookEvery().toMillis();
    long mature = unit.entryMs + waits;
    return Math.max(now, Math.floorDiv(mature + grid - 1, grid) * grid - 1);
  }

  private void send() {
    if (sign != 0) {
      delta.dueMs = context.nextBoundary(delta.bucketMs);
      delta.rolloutId = context.rolloutId();
      delta.sign = sign;
      sink.post(delta);
    }
  }
}
