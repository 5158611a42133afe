package io.tidegate.cli.demo;

import static io.tidegate.simulate.SimulationConfig.DAY_MS;

import io.tidegate.cli.world.KafkaWorldOutput;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.RolloutEvent;
import io.tidegate.simulate.Arrival;
import io.tidegate.simulate.Simulator;
import io.tidegate.simulate.Truth;
import java.time.Duration;
import java.util.function.LongConsumer;

/** The simulated shop: its applications write events, its clock writes ticks. */
final class Shop implements AutoCloseable {

  private final Simulator simulator;
  private final KafkaWorldOutput out;
  private final long outOfOrderMs;
  private long exposures;
  private long outcomes;

  Shop(DemoPlan plan, TidegateConfig config) {
    this.simulator = new Simulator(plan.world());
    this.out = new KafkaWorldOutput(config.kafka());
    this.outOfOrderMs = config.events().outOfOrderMs();
  }

  long nowMs() {
    return simulator.frontierMs();
  }

  /** Lets days pass that nobody judges: one tick ends them. */
  void live(long untilMs, LongConsumer eachDay) {
    while (nowMs() < untilMs) {
      simulator.advanceTo(Math.min(untilMs, nowMs() + DAY_MS), this::write);
      eachDay.accept(nowMs());
    }
    tick();
  }

  /** Lets time pass, with a tick at the end of each {@code look}. */
  void live(long untilMs, Duration look) {
    long every = look.toMillis();
    while (nowMs() < untilMs) {
      long next = Math.min(untilMs, (Math.floorDiv(nowMs(), every) + 1) * every);
      simulator.advanceTo(next, this::write);
      tick();
    }
  }

  void enter(String stage) {
    simulator.enterStage(stage, nowMs());
  }

  void rollBack() {
    simulator.rollBack(nowMs());
  }

  /** Writes a rollout event, as rollout tooling does. */
  void announce(RolloutEvent event) {
    out.rollout(event);
    out.flush();
  }

  /**
   * Event time that a reader's watermark reaches once it has read everything: the slowest partition
   * less the out-of-order bound, and no further than the ticks.
   */
  long completeMs() {
    long data = out.newestInEveryPartitionMs();
    return data == Long.MIN_VALUE ? data : Math.min(data - outOfOrderMs - 1, nowMs() - 1);
  }

  /** Usable exposures written, every copy. */
  long exposures() {
    return exposures;
  }

  /** Usable outcomes written, every copy. */
  long outcomes() {
    return outcomes;
  }

  Truth truth() {
    return simulator.truth(nowMs());
  }

  private void write(Arrival arrival) {
    if (arrival instanceof Arrival.Exposed) {
      exposures++;
    } else if (arrival instanceof Arrival.Happened) {
      outcomes++;
    }
    out.arrival(arrival);
  }

  private void tick() {
    out.flush();
    out.rollout(RolloutEvent.tick("tick-" + nowMs(), nowMs()));
    out.flush();
  }

  @Override
  public void close() {
    out.close();
  }
}
