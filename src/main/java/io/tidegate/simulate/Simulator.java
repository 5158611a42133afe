package io.tidegate.simulate;

import static io.tidegate.simulate.SimulationConfig.DAY_MS;

import io.tidegate.model.RolloutSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * A world with one rollout in it. Time advances in slices; which stage is in force is told from
 * outside, so that a closed loop can drive it. What arrives is a function of the configuration and
 * of the stages alone: not of how the time was sliced. Not thread-safe.
 *
 * <p>New units come every day; each comes back on later days with a probability that falls with its
 * age. A visit starts a session, makes requests, evaluates the flag (again at the cart) and may end
 * in a purchase, at once or hours later, which may be refunded.
 */
public final class Simulator {

  private static final Comparator<Pending> BY_ARRIVAL =
      Comparator.comparingLong(Pending::arrivalMs).thenComparingLong(Pending::order);

  private final RolloutSpec spec;
  private final Timeline timeline = new Timeline();
  private final Ledger ledger;
  private final Units units;
  private final VisitScript script;
  private final PriorityQueue<Pending> waiting = new PriorityQueue<>(BY_ARRIVAL);
  private final long startMs;

  private List<Units.Visit> today = new ArrayList<>();
  private int nextVisit;
  private int plannedDays;
  private long frontierMs;

  public Simulator(SimulationConfig config) {
    this.spec = config.spec();
    this.startMs = config.startMs();
    this.frontierMs = startMs;
    Assigner assigner = new Assigner(spec, timeline, config.faults().mixed());
    Season season = new Season(config);
    Levers levers = new Levers(config, season, timeline);
    this.ledger = new Ledger(config, timeline);
    this.units = new Units(config, season, levers);
    this.script = new VisitScript(config, assigner, levers, units, ledger, waiting::add);
  }

  /** First instant not yet simulated. */
  public long frontierMs() {
    return frontierMs;
  }

  /** Puts a stage in force; not before the time simulated so far. */
  public void enterStage(String name, long timeMs) {
    int stage = spec.stageIndex(name);
    if (stage < 0) {
      throw new IllegalArgumentException("rollout " + spec.id() + " has no stage " + name);
    }
    checkAhead(timeMs);
    timeline.add(stage, name, timeMs);
  }

  /** Takes the change away from everybody. */
  public void rollBack(long timeMs) {
    checkAhead(timeMs);
    timeline.add(Timeline.NONE, "", timeMs);
  }

  /** Simulates up to an instant; hands over what arrives before it, in the order of arrival. */
  public void advanceTo(long timeMs, Consumer<Arrival> sink) {
    checkAhead(timeMs);
    while (frontierMs < timeMs) {
      if (frontierMs == startMs + plannedDays * DAY_MS) {
        today = units.plan(plannedDays++);
        nextVisit = 0;
      }
      long end = Math.min(timeMs, startMs + plannedDays * DAY_MS);
      while (nextVisit < today.size() && today.get(nextVisit).timeMs() < end) {
        Units.Visit visit = today.get(nextVisit++);
        deliver(visit.timeMs(), sink);
        script.play(visit);
      }
      deliver(end, sink);
      frontierMs = end;
    }
  }

  /** What is true of everything that arrived, counting events before {@code boundaryMs}. */
  public Truth truth(long boundaryMs) {
    return ledger.truth(boundaryMs);
  }

  private void deliver(long beforeMs, Consumer<Arrival> sink) {
    Pending first = waiting.peek();
    while (first != null && first.arrivalMs() < beforeMs) {
      waiting.remove();
      Arrival arrival = first.resolve();
      if (arrival != null) {
        ledger.add(arrival, first.fault());
        sink.accept(arrival);
      }
      first = waiting.peek();
    }
  }

  private void checkAhead(long timeMs) {
    if (timeMs < frontierMs) {
      throw new IllegalArgumentException(
          "time " + timeMs + " is before what was simulated, " + frontierMs);
    }
  }
}
