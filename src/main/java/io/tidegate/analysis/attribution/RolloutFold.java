package io.tidegate.analysis.attribution;

import io.tidegate.analysis.metric.UnitFolds;
import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.analysis.timeline.Epoch;
import io.tidegate.model.Assignment;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.RolloutSpec;

/**
 * The rules of attribution as a fold over one unit's points in event-time order (design: "The
 * estimands"). {@code matched}: a unit enters once, at its first exposure, in that stage's stratum;
 * units of an earlier attempt stay out of later ones, those first seen in its stage without control
 * too. {@code ramped}: it enters each stage at its first exposure of the epoch, unless treated in
 * an earlier epoch or caught inside a settle, in the stratum of the largest share at which it was
 * served control before. A stage without control is entered anew by every unit, week by week
 * ({@link NoControl}). With a trigger the exposure settles variant and process, and the unit enters
 * at its first trigger from then on.
 */
final class RolloutFold {

  private static final int ATTEMPT = 1000;

  private RolloutFold() {}

  static void step(RolloutContext context, RolloutUnit unit, Point point, Poster poster) {
    long timeMs = context.effectiveMs(point);
    if (point.exposure) {
      expose(context, unit, point, timeMs, poster);
    } else {
      if (timeMs == point.timeMs && !unit.isBlank()) {
        poster.used(point, timeMs);
      }
      if (unit.waiting) {
        trigger(context, unit, point, timeMs, poster);
      }
      if (unit.entered) {
        outcome(context, unit, point, timeMs, poster);
      }
    }
  }

  /** An exposed unit enters at its trigger, while its process takes units. */
  private static void trigger(
      RolloutContext context, RolloutUnit unit, Point point, long timeMs, Poster poster) {
    Attempt attempt = context.timeline().attempt(unit.attempt);
    OutcomeFilter trigger = attempt == null ? null : attempt.definition().spec().trigger();
    if (attempt == null
        || trigger == null
        || point.timeMs < unit.entryMs
        || timeMs >= context.endsMs(unit)
        || !UnitFolds.matches(trigger, point)) {
      return;
    }
    Epoch epoch = attempt.epochOf(timeMs, "");
    if (epoch != null && !epoch.control()) {
      Plan plan = context.plan(unit.attempt);
      int day = NoControl.day(plan, epoch, timeMs);
      if (unit.process == epoch.index()
          && day >= 0
          && NoControl.together(plan, unit.stratum, day)) {
        unit.stratum = day;
        enter(plan, unit, timeMs, poster);
      }
    } else if (epoch != null) {
      if (unit.process == CellKey.MATCHED) {
        unit.stratum = epoch.index();
      }
      enter(context.plan(unit.attempt), unit, timeMs, poster);
    }
  }

  private static void outcome(
      RolloutContext context, RolloutUnit unit, Point point, long timeMs, Poster poster) {
    if (point.timeMs < unit.entryMs || point.timeMs >= context.endsMs(unit)) {
      return;
    }
    Plan plan = context.plan(unit.attempt);
    Plan.Reading reading = plan.reading(point.name);
    if (reading == null) {
      return;
    }
    // The age is that of the outcome itself; a late one is posted later but is not older than it
    // was.
    long ageMs = Math.max(0, point.timeMs - unit.entryMs);
    for (int c : reading.channels()) {
      Plan.Channel channel = plan.channels().get(c);
      if (poster.isSilent()) {
        channel.fold().outcome(unit.slots, channel.slot(), point, ageMs);
      } else {
        long y = channel.fold().y(unit.slots, channel.slot());
        long d = channel.fold().d(unit.slots, channel.slot());
        channel.fold().outcome(unit.slots, channel.slot(), point, ageMs);
        poster.moved(unit, plan, c, y, d, timeMs);
      }
    }
  }

  private static void expose(
      RolloutContext context, RolloutUnit unit, Point point, long timeMs, Poster poster) {
    Attempt attempt = context.timeline().attemptAt(timeMs);
    if (attempt == null) {
      return;
    }
    Epoch epoch = attempt.epochOf(timeMs, point.flagVersion);
    RolloutSpec spec = attempt.definition().spec();
    int variant = spec.flag().variantIndex(point.variant);
    if (epoch == null || variant < 0 || !spec.flag().key().equals(point.name)) {
      return;
    }
    if (spec.assignment() == Assignment.MATCHED) {
      exposeMatched(context, unit, point, timeMs, attempt, epoch, variant, poster);
    } else {
      exposeRamped(context, unit, point, timeMs, attempt, epoch, variant, poster);
    }
  }

  private static void exposeMatched(
      RolloutContext context,
      RolloutUnit unit,
      Point point,
      long timeMs,
      Attempt attempt,
      Epoch epoch,
      int variant,
      Poster poster) {
    boolean last = epoch.stage().percent() >= 100;
    if (!epoch.control()) {
      unit.attempt = unit.attempt == 0 ? attempt.number() : unit.attempt;
      exposeAll(context, unit, point, timeMs, attempt, epoch, variant, poster);
    } else if (unit.attempt == 0) {
      unit.attempt = attempt.number();
      unit.process = last ? epoch.index() : CellKey.MATCHED;
      unit.stratum = epoch.index();
      join(context, unit, point, timeMs, attempt, variant, poster);
    } else if ((unit.entered || unit.waiting)
        && unit.attempt == attempt.number()
        && variant != unit.variant
        && isCompared(attempt, unit)
        && !(last && unit.process == CellKey.MATCHED)) {
      mixed(unit, timeMs, poster);
    }
  }

  /** Whether the process that a unit is in has a control. */
  static boolean isCompared(Attempt attempt, RolloutUnit unit) {
    return unit.process == CellKey.MATCHED
        || attempt.epochs().stream().anyMatch(e -> e.index() == unit.process && e.control());
  }

  /** Without a control; what the unit had before is not compared with anything any more. */
  private static void exposeAll(
      RolloutContext context,
      RolloutUnit unit,
      Point point,
      long timeMs,
      Attempt attempt,
      Epoch epoch,
      int variant,
      Poster poster) {
    Plan plan = context.plan(attempt.number());
    int day = NoControl.day(plan, epoch, timeMs);
    boolean joined =
        (unit.entered || unit.waiting)
            && unit.attempt == attempt.number()
            && unit.process == epoch.index()
            && NoControl.together(plan, unit.stratum, day);
    if (!joined && variant > 0 && day >= 0) {
      leave(unit);
      unit.process = epoch.index();
      unit.stratum = day;
      join(context, unit, point, timeMs, attempt, variant, poster);
      poster.version(unit, point.flagVersion, timeMs);
    }
  }

  private static void exposeRamped(
      RolloutContext context,
      RolloutUnit unit,
      Point point,
      long timeMs,
      Attempt attempt,
      Epoch served,
      int variant,
      Poster poster) {
    boolean settling = served.settling(timeMs);
    Epoch epoch = served;
    int ordinal = attempt.number() * ATTEMPT + attempt.epochs().indexOf(served);
    if (ordinal > unit.epoch) {
      turn(context, unit, ordinal);
    } else if (ordinal < unit.epoch && unit.epoch / ATTEMPT == attempt.number()) {
      // An older version serves the stage that the unit is in.
      ordinal = unit.epoch;
      epoch = attempt.epochs().get(ordinal % ATTEMPT);
    }
    boolean joined = unit.entered || unit.waiting;
    if (!served.control()) {
      if (!settling) {
        exposeAll(context, unit, point, timeMs, attempt, served, variant, poster);
      }
    } else if (!joined && !settling && epoch.control() && eligible(unit, ordinal)) {
      if (unit.treatedEarlier || share(attempt, epoch) <= unit.controlShare) {
        contaminated(unit, attempt, epoch, variant, timeMs, poster);
      } else {
        unit.process = epoch.index();
        unit.stratum = unit.controlShare;
        join(context, unit, point, timeMs, attempt, variant, poster);
      }
    } else if (joined && variant != unit.variant && !settling && isCompared(attempt, unit)) {
      mixed(unit, timeMs, poster);
    }
    if (settling) {
      unit.barredFrom = ordinal;
      unit.clearedBy = RolloutUnit.NONE;
      unit.treatedHere |= variant > 0;
    } else if (variant == 0) {
      unit.controlHere = true;
      if (unit.barredFrom != RolloutUnit.NONE && unit.clearedBy == RolloutUnit.NONE) {
        unit.clearedBy = ordinal;
      }
    } else {
      unit.treatedHere = true;
    }
  }

  private static boolean eligible(RolloutUnit unit, int ordinal) {
    return unit.barredFrom == RolloutUnit.NONE
        || (unit.clearedBy != RolloutUnit.NONE && unit.clearedBy < ordinal);
  }

  /** Share of all units, in millionths, that a stage treats; of all but those held out at most. */
  private static int share(Attempt attempt, Epoch epoch) {
    RolloutSpec.Holdout holdout = attempt.definition().spec().holdout();
    double most = 100 - (holdout == null ? 0 : holdout.percent());
    return (int) StrictMath.round(StrictMath.min(epoch.stage().percent(), most) * 10_000);
  }

  /** Leaves the epoch of the newest exposure for another. */
  private static void turn(RolloutContext context, RolloutUnit unit, int ordinal) {
    if (unit.epoch != RolloutUnit.NONE) {
      Attempt before = context.timeline().attempt(unit.epoch / ATTEMPT);
      if (before != null && unit.controlHere) {
        Epoch left = before.epochs().get(unit.epoch % ATTEMPT);
        unit.controlShare = Math.max(unit.controlShare, share(before, left));
      }
      unit.treatedEarlier |= unit.treatedHere;
      if (before != null && saltChanged(context, before, ordinal / ATTEMPT)) {
        unit.controlShare = 0;
      }
    }
    unit.epoch = ordinal;
    unit.controlHere = false;
    unit.treatedHere = false;
    leave(unit);
  }

  /** Forgets the process that the unit was in. */
  private static void leave(RolloutUnit unit) {
    unit.entered = false;
    unit.waiting = false;
    unit.mixed = false;
    unit.late = false;
    unit.slots = new long[0];
  }

  private static boolean saltChanged(RolloutContext context, Attempt before, int number) {
    Attempt now = context.timeline().attempt(number);
    return now != null
        && !now.definition().spec().flag().salt().equals(before.definition().spec().flag().salt());
  }

  /** A unit's process is settled by its exposure; without a trigger it enters there. */
  private static void join(
      RolloutContext context,
      RolloutUnit unit,
      Point point,
      long timeMs,
      Attempt attempt,
      int variant,
      Poster poster) {
    Plan plan = context.plan(attempt.number());
    unit.attempt = attempt.number();
    unit.variant = variant;
    unit.entryMs = timeMs;
    unit.segments = plan.segmentsOf(point::attribute);
    if (attempt.definition().spec().trigger() == null) {
      enter(plan, unit, timeMs, poster);
    } else {
      unit.waiting = true;
      poster.count(unit, CellKey.EXPOSED, timeMs);
    }
  }

  private static void enter(Plan plan, RolloutUnit unit, long timeMs, Poster poster) {
    unit.waiting = false;
    unit.entered = true;
    unit.entryMs = timeMs;
    unit.slots = new long[plan.slots()];
    poster.entered(unit, plan, timeMs);
    if (unit.mixed) {
      poster.count(unit, CellKey.MIXED, timeMs);
    }
  }

  /** A unit that waits for its trigger counts as mixed once it enters. */
  private static void mixed(RolloutUnit unit, long timeMs, Poster poster) {
    if (!unit.mixed && unit.entered) {
      poster.count(unit, CellKey.MIXED, timeMs);
    }
    unit.mixed = true;
  }

  /** Counts a unit that the stage sees but does not judge, once an epoch. */
  private static void contaminated(
      RolloutUnit unit, Attempt attempt, Epoch epoch, int variant, long timeMs, Poster poster) {
    if (unit.mixed || variant == 0) {
      return;
    }
    unit.mixed = true;
    RolloutUnit seen = new RolloutUnit(unit.rollout);
    seen.attempt = attempt.number();
    seen.process = epoch.index();
    seen.variant = variant;
    poster.count(seen, CellKey.CONTAMINATED, timeMs);
  }
}
