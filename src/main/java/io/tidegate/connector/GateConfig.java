package io.tidegate.connector;

import java.io.Serializable;

/**
 * How the gate begins and how its signals go out.
 *
 * @param bootstrap where its history comes from when it is started without state
 */
public record GateConfig(Bootstrap bootstrap, Delivery signals) implements Serializable {

  /** Where the gate's history comes from. */
  public enum Bootstrap {
    /** What the tables hold from there, then the topics; without tables the topics alone. */
    AUTO,
    /** The topics alone, from their beginning. */
    NONE
  }

  /** How signals go out to readers of committed records. */
  public enum Delivery {
    /** Once, in the transaction of a checkpoint: readers wait for it. */
    EXACTLY_ONCE,
    /**
     * At once; after a failure those since the last checkpoint again, with the same ids and
     * revisions.
     */
    AT_LEAST_ONCE
  }

  public GateConfig withBootstrap(Bootstrap changed) {
    return new GateConfig(changed, signals);
  }

  public GateConfig withSignals(Delivery changed) {
    return new GateConfig(bootstrap, changed);
  }
}
