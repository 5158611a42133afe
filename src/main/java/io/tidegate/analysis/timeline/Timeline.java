package io.tidegate.analysis.timeline;

import io.tidegate.analysis.timeline.Attempt.Remark;
import io.tidegate.model.ControlEvent;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.Stage;
import io.tidegate.model.UserError;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one rollout, a function of its events in partition order. An event from before
 * the one that it follows takes effect with that one. An event that does not fit is refused and
 * kept with the reason; nothing is dropped.
 */
public final class Timeline {

  private final String rolloutId;
  private final List<Attempt> attempts;
  private final @Nullable Definition definition;

  private Timeline(String rolloutId, List<Attempt> attempts, @Nullable Definition definition) {
    this.rolloutId = rolloutId;
    this.attempts = attempts;
    this.definition = definition;
  }

  /** Reads a rollout's events in any order of the list; their sequence decides. */
  public static Timeline of(String rolloutId, List<ControlEvent> events, DefinitionReader reader) {
    Builder builder = new Builder(reader);
    events.stream().sorted(Comparator.comparingLong(ControlEvent::sequence)).forEach(builder::take);
    return new Timeline(rolloutId, builder.attempts(), builder.definition);
  }

  /** Reads the events of several rollouts, in any order of the list; by rollout. */
  public static Map<String, Timeline> all(List<ControlEvent> events, DefinitionReader reader) {
    Map<String, List<ControlEvent>> byRollout = new TreeMap<>();
    for (ControlEvent control : events) {
      if (!control.isTick()) {
        byRollout
            .computeIfAbsent(control.event().rolloutId(), id -> new ArrayList<>())
            .add(control);
      }
    }
    Map<String, Timeline> timelines = new TreeMap<>();
    byRollout.forEach((id, controls) -> timelines.put(id, of(id, controls, reader)));
    return timelines;
  }

  public String rolloutId() {
    return rolloutId;
  }

  /** Every attempt, oldest first; the last may still run. */
  public List<Attempt> attempts() {
    return attempts;
  }

  /** The newest definition; null where none could be read. */
  public @Nullable Definition definition() {
    return definition;
  }

  /** The attempt running at an instant, or null. */
  public @Nullable Attempt attemptAt(long timeMs) {
    for (int i = attempts.size() - 1; i >= 0; i--) {
      Attempt attempt = attempts.get(i);
      if (timeMs >= attempt.startMs()) {
        return timeMs < attempt.endMs() ? attempt : null;
      }
    }
    return null;
  }

  public @Nullable Attempt attempt(int number) {
    return number >= 1 && number <= attempts.size() ? attempts.get(number - 1) : null;
  }

  /** Largest boundary at or before an instant; {@link Long#MIN_VALUE} before the first stage. */
  public long floorBoundary(long timeMs) {
    for (int i = attempts.size() - 1; i >= 0; i--) {
      Attempt attempt = attempts.get(i);
      if (timeMs >= attempt.startMs()) {
        return attempt.endMs() <= timeMs ? attempt.endMs() : floorWithin(attempt, timeMs);
      }
    }
    return Long.MIN_VALUE;
  }

  /** Smallest boundary after an instant; {@link Long#MAX_VALUE} where no attempt will have one. */
  public long nextBoundary(long timeMs) {
    long next = Long.MAX_VALUE;
    for (Attempt attempt : attempts) {
      if (attempt.endMs() <= timeMs) {
        continue;
      }
      long first = attempt.startMs();
      if (first > timeMs) {
        next = Math.min(next, first);
        continue;
      }
      long grid = attempt.definition().spec().lookEvery().toMillis();
      long candidate = Math.min(attempt.endMs(), (Math.floorDiv(timeMs, grid) + 1) * grid);
      for (Epoch epoch : attempt.epochs()) {
        if (epoch.enteredMs() > timeMs) {
          candidate = Math.min(candidate, epoch.enteredMs());
        }
      }
      next = Math.min(next, candidate);
    }
    return next;
  }

  private static long floorWithin(Attempt attempt, long timeMs) {
    long grid = attempt.definition().spec().lookEvery().toMillis();
    long floor = Math.max(attempt.startMs(), Math.floorDiv(timeMs, grid) * grid);
    for (Epoch epoch : attempt.epochs()) {
      if (epoch.enteredMs() <= timeMs) {
        floor = Math.max(floor, epoch.enteredMs());
      }
    }
    return floor;
  }

  /** Reads events one by one. */
  private static final class Builder {
    private final DefinitionReader reader;
    private final Set<String> ids = new HashSet<>();
    private final List<Attempt> done = new ArrayList<>();
    private @Nullable Definition definition;
    private @Nullable Definition frozen;
    private List<Epoch> epochs = new ArrayList<>();
    private List<Remark> remarks = new ArrayList<>();
    private long latestMs = Long.MIN_VALUE;

    Builder(DefinitionReader reader) {
      this.reader = reader;
    }

    void take(ControlEvent read) {
      RolloutEvent event = read.event();
      if (!event.eventId().isEmpty() && !ids.add(event.eventId())) {
        return;
      }
      latestMs = Math.max(latestMs, read.effectiveMs());
      ControlEvent control = read.notBefore(latestMs);
      switch (event.kind()) {
        case TICK -> {}
        case DEFINED -> define(control);
        case STAGE_ENTERED -> enter(control);
        case ROLLED_BACK -> end(control, true);
        case COMPLETED -> end(control, false);
        case PAUSED, RESUMED, DECISION, NOTE ->
            remark(control, frozen == null ? "no stage was entered yet" : "");
      }
    }

    private void define(ControlEvent control) {
      try {
        Definition read = reader.read(control.event());
        if (frozen == null) {
          definition = read;
          remark(control, "");
        } else if (!frozen.specHash().equals(read.specHash())) {
          remark(control, "the spec is frozen since the first stage was entered");
        }
      } catch (UserError e) {
        remark(control, "the spec cannot be read: " + e.getMessage());
      }
    }

    private void enter(ControlEvent control) {
      Definition known = frozen != null ? frozen : definition;
      if (known == null) {
        remark(control, "the rollout is not defined");
        return;
      }
      int index = known.spec().stageIndex(control.event().stage());
      if (index < 0) {
        remark(control, "the spec has no stage " + control.event().stage());
        return;
      }
      Stage stage = known.spec().stages().get(index);
      if (!epochs.isEmpty()) {
        Epoch last = epochs.get(epochs.size() - 1);
        if (stage.percent() <= last.stage().percent()) {
          remark(
              control,
              "a stage must raise the percentage: "
                  + stage.percent()
                  + " is not above "
                  + last.stage().percent());
          return;
        }
        epochs.set(
            epochs.size() - 1,
            new Epoch(
                last.index(),
                last.stage(),
                last.enteredMs(),
                control.effectiveMs(),
                last.control()));
      }
      frozen = known;
      epochs.add(
          new Epoch(
              index, stage, control.effectiveMs(), Long.MAX_VALUE, known.spec().hasControl(stage)));
      remark(control, "");
    }

    private void end(ControlEvent control, boolean rolledBack) {
      if (frozen == null) {
        remark(control, "no stage was entered yet");
        return;
      }
      remark(control, "");
      Epoch last = epochs.get(epochs.size() - 1);
      epochs.set(
          epochs.size() - 1,
          new Epoch(
              last.index(), last.stage(), last.enteredMs(), control.effectiveMs(), last.control()));
      done.add(
          new Attempt(done.size() + 1, frozen, epochs, control.effectiveMs(), rolledBack, remarks));
      frozen = null;
      epochs = new ArrayList<>();
      remarks = new ArrayList<>();
    }

    private void remark(ControlEvent control, String refused) {
      remarks.add(new Remark(control, refused));
    }

    List<Attempt> attempts() {
      List<Attempt> all = new ArrayList<>(done);
      if (frozen != null) {
        all.add(new Attempt(all.size() + 1, frozen, epochs, Long.MAX_VALUE, false, remarks));
      }
      return List.copyOf(all);
    }
  }
}
