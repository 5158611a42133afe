package io.tidegate.cli.world;

import io.tidegate.model.RolloutEvent;
import io.tidegate.simulate.Arrival;

/** Where a simulation is written. */
public interface WorldOutput extends AutoCloseable {

  void arrival(Arrival arrival);

  void rollout(RolloutEvent event);

  /** Waits until everything is written. */
  void flush();

  @Override
  void close();
}
