package io.tidegate.cli.demo;

import java.util.List;

/** Where a demo says how far it is. Called by one thread. */
public interface Progress {

  /** A step began, such as {@code archive}. */
  void step(String name, String what);

  /** How far the step is. */
  void at(String detail);

  /** The stages as they are now; called after every reading of the verdict. */
  void stages(List<StageLine> lines);
}
