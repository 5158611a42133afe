package io.tidegate.model;

import java.io.Serializable;
import java.util.List;

/**
 * Finds where topics go on with nothing to be read: marks of transactions and records of those that
 * were aborted have offsets, too. Of one thread.
 */
public interface EmptyAhead extends Serializable, AutoCloseable {

  /**
   * Those of some positions that can be moved, with the offset before which no record will ever
   * come; none where it cannot be asked.
   */
  List<ReadPosition> past(List<ReadPosition> positions);

  @Override
  void close();
}
