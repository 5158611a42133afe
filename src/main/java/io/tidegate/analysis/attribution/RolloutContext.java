package io.tidegate.analysis.attribution;

import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.analysis.timeline.Definition;
import io.tidegate.analysis.timeline.Epoch;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.SegmentDimension;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is known of a rollout where units are counted: its timeline, the plan of each attempt, the
 * events it reads. Remembers where it looked; not thread-safe.
 */
public final class RolloutContext {

  private static final int LOOKS = 16;
  private static final int LOOK_BITS = 15;

  private final int ordinal;
  private final Timeline timeline;

  /** Of attempt n + 1. */
  private final List<Plan> plans = new ArrayList<>();

  /** Of attempt n + 1: until when the outcomes of a {@code matched} unit count. */
  private final long[] controlEndsMs;

  private final long startMs;
  private final Set<String> flags = new HashSet<>();
  private final Set<String> outcomes = new HashSet<>();
  private final Set<String> dimensions = new HashSet<>();
  private final Set<String> outcomeAttributes = new HashSet<>();
  private boolean triggered;

  /** Boundaries around instants asked for lately, by the instant's half minute; first empty. */
  private final long[] floorsMs = new long[LOOKS];

  private final long[] nextMs = new long[LOOKS];

  /** The attempt that runs between these, or 0. */
  private final int[] attempts = new int[LOOKS];

  /**
   * @param ordinal number of the rollout, in the order of definition
   */
  public RolloutContext(int ordinal, Timeline timeline) {
    this(ordinal, timeline, new SharedLayouts());
  }

  /**
   * @param ordinal number of the rollout, in the order of definition
   * @param layouts of all rollouts whose events are met together
   */
  public RolloutContext(int ordinal, Timeline timeline, SharedLayouts layouts) {
    this.ordinal = ordinal;
    this.timeline = timeline;
    this.startMs =
        timeline.attempts().isEmpty() ? Long.MAX_VALUE : timeline.attempts().get(0).startMs();
    for (Attempt attempt : timeline.attempts()) {
      plans.add(Plan.of(attempt.definition(), layouts));
      reads(attempt.definition());
    }
    controlEndsMs = timeline.attempts().stream().mapToLong(Attempt::controlEndsMs).toArray();
    Definition newest = timeline.definition();
    if (newest != null) {
      reads(newest);
    }
  }

  private void reads(Definition definition) {
    RolloutSpec spec = definition.spec();
    flags.add(spec.flag().key());
    outcomes.addAll(spec.outcomeNames());
    spec.segments().stream().map(SegmentDimension::name).forEach(dimensions::add);
    spec.metrics().forEach(m -> outcomeAttributes.addAll(m.kind().attributeNames()));
    OutcomeFilter trigger = spec.trigger();
    if (trigger != null) {
      triggered = true;
      outcomeAttributes.addAll(trigger.where().keySet());
    }
  }

  public int ordinal() {
    return ordinal;
  }

  public String rolloutId() {
    return timeline.rolloutId();
  }

  public Timeline timeline() {
    return timeline;
  }

  /** The plan of a started attempt. */
  public Plan plan(int attempt) {
    if (attempt < 1 || attempt > plans.size()) {
      throw new IllegalArgumentException("rollout " + rolloutId() + " has no attempt " + attempt);
    }
    return plans.get(attempt - 1);
  }

  /** Flags whose exposures it reads. */
  Set<String> flags() {
    return flags;
  }

  /** Names of the outcomes that it reads. */
  Set<String> outcomes() {
    return outcomes;
  }

  /** Whether units of an attempt enter at a trigger. */
  boolean triggered() {
    return triggered;
  }

  /** Attributes of exposures that it reads. */
  Set<String> dimensions() {
    return dimensions;
  }

  /** Attributes of outcomes that it reads. */
  Set<String> outcomeAttributes() {
    return outcomeAttributes;
  }

  /** Whether its first stage had begun at an instant. */
  boolean startedBy(long timeMs) {
    return timeMs >= startMs;
  }

  /**
   * Whether it reads an event: of its flag or of an outcome that a metric reads, and not from
   * before its first stage, when nobody can have been enrolled.
   */
  public boolean concerns(Point point) {
    return startedBy(point.timeMs) && (point.exposure ? flags : outcomes).contains(point.name);
  }

  /** Largest boundary at or before an instant. */
  long floorBoundary(long timeMs) {
    return floorsMs[look(timeMs)];
  }

  /** Smallest boundary after an instant, as far as the timeline is known. */
  long nextBoundary(long timeMs) {
    return nextMs[look(timeMs)];
  }

  /** The place of what is known of an instant. */
  private int look(long timeMs) {
    int place = (int) (timeMs >>> LOOK_BITS) & (LOOKS - 1);
    if (timeMs < floorsMs[place] || timeMs >= nextMs[place]) {
      floorsMs[place] = timeline.floorBoundary(timeMs);
      nextMs[place] = timeline.nextBoundary(timeMs);
      // An attempt begins and ends at boundaries.
      Attempt attempt = timeline.attemptAt(timeMs);
      attempts[place] = attempt == null ? 0 : attempt.number();
    }
    return place;
  }

  /**
   * Whether the attempt that runs at a point's time reads it. What a later attempt reads does not
   * count: while the point is new nobody can know it.
   */
  boolean takes(Point point) {
    int attempt = attemptNumber(point.timeMs);
    if (attempt == 0) {
      return false;
    }
    Plan plan = plan(attempt);
    return point.exposure
        ? plan.definition().spec().flag().key().equals(point.name)
        : plan.reading(point.name) != null;
  }

  /** Whether an attempt runs at an instant. */
  boolean runsAt(long timeMs) {
    return attemptNumber(timeMs) != 0;
  }

  /** The attempt that runs at an instant, or 0. */
  int attemptNumber(long timeMs) {
    return attempts[look(timeMs)];
  }

  /** Until when a unit's outcomes count; never where its attempt is not known. */
  long endsMs(RolloutUnit unit) {
    if (unit.attempt < 1 || unit.attempt > controlEndsMs.length) {
      return Long.MIN_VALUE;
    }
    if (unit.process == CellKey.MATCHED) {
      return controlEndsMs[unit.attempt - 1];
    }
    Attempt attempt = timeline.attempts().get(unit.attempt - 1);
    for (Epoch epoch : attempt.epochs()) {
      if (epoch.index() == unit.process) {
        return epoch.leftMs();
      }
    }
    return attempt.endMs();
  }

  /**
   * When a point counts: its own time, or the start of the bucket that was oldest when it arrived;
   * where no attempt ran any more, its arrival.
   */
  long effectiveMs(Point point) {
    return point.arrivalMs < point.timeMs
        ? point.timeMs
        : Math.max(
            point.timeMs,
            runsAt(point.arrivalMs) ? floorBoundary(point.arrivalMs) : point.arrivalMs);
  }
}
