package io.tidegate.analysis.timeline;

import io.tidegate.model.Assignment;
import io.tidegate.model.ControlEvent;
import io.tidegate.model.Stage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One go at a ramp, from its first stage to ROLLED_BACK or COMPLETED.
 *
 * @param number 1, 2, …
 * @param endMs {@link Long#MAX_VALUE} while it runs
 * @param remarks decisions, notes, pauses and refused events, in order
 */
public record Attempt(
    int number,
    Definition definition,
    List<Epoch> epochs,
    long endMs,
    boolean rolledBack,
    List<Remark> remarks) {

  /**
   * Something besides a stage.
   *
   * @param refused why it was not followed; empty where it was
   */
  public record Remark(ControlEvent control, String refused) {}

  public Attempt {
    epochs = List.copyOf(epochs);
    remarks = List.copyOf(remarks);
  }

  public long startMs() {
    return epochs.get(0).enteredMs();
  }

  /** Whether a stage was ever in force. */
  public boolean entered(Stage stage) {
    return epochs.stream().anyMatch(epoch -> epoch.stage().name().equals(stage.name()));
  }

  /** The stage in force at an instant, or null outside the attempt. */
  public @Nullable Epoch epochAt(long timeMs) {
    for (int i = epochs.size() - 1; i >= 0; i--) {
      if (epochs.get(i).contains(timeMs)) {
        return epochs.get(i);
      }
    }
    return null;
  }

  /** The stage in force just before a boundary, or null before the first. */
  public @Nullable Epoch epochBefore(long boundaryMs) {
    return epochAt(boundaryMs - 1);
  }

  /**
   * The epoch an exposure belongs to: the stage that declares its flag version, else the one in
   * force.
   */
  public @Nullable Epoch epochOf(long timeMs, String flagVersion) {
    if (!flagVersion.isEmpty()) {
      for (Epoch epoch : epochs) {
        if (epoch.stage().flagVersion().equals(flagVersion) && timeMs >= epoch.enteredMs()) {
          return epoch;
        }
      }
    }
    return epochAt(timeMs);
  }

  /**
   * Entry of the first stage without concurrent control on the older units, else the attempt's end.
   */
  public long controlEndsMs() {
    if (definition.spec().assignment() == Assignment.MATCHED) {
      for (Epoch epoch : epochs) {
        if (epoch.stage().percent() >= 100) {
          return epoch.enteredMs();
        }
      }
    }
    return endMs;
  }

  /** Whether the attempt is paused just before a boundary. */
  public boolean pausedBefore(long boundaryMs) {
    boolean paused = false;
    for (Remark remark : remarksBefore(boundaryMs)) {
      switch (remark.control().event().kind()) {
        case PAUSED -> paused = true;
        case RESUMED -> paused = false;
        default -> {}
      }
    }
    return paused;
  }

  /** Remarks that took effect before a boundary. */
  public List<Remark> remarksBefore(long boundaryMs) {
    List<Remark> known = new ArrayList<>();
    for (Remark remark : remarks) {
      if (remark.control().effectiveMs() < boundaryMs) {
        known.add(remark);
      }
    }
    return known;
  }
}
