package io.tidegate.connector;

import java.io.Serializable;

/**
 * How the gate begins when it is started without state.
 *
 * @param bootstrap where its history comes from
 */
public record GateConfig(Bootstrap bootstrap) implements Serializable {

  /** Where the gate's history comes from. */
  public enum Bootstrap {
    /** What the tables hold from there, then the topics; without tables the topics alone. */
    AUTO,
    /** The topics alone, from their beginning. */
    NONE
  }
}
