package io.tidegate.model;

import java.io.Serializable;
import java.util.Set;

/**
 * What the archive holds already, so that it keeps nothing again.
 *
 * @param rows offsets held by tables
 * @param deadLetters offsets held by dead letters
 * @param severalEach topics of which one record may hold several events: those that can be used are
 *     in a table and the others among the dead letters, which are committed apart. Of other topics
 *     a record is in one of both
 */
public record Archived(ArchivedOffsets rows, ArchivedOffsets deadLetters, Set<String> severalEach)
    implements Serializable {

  public Archived {
    severalEach = Set.copyOf(severalEach);
  }

  /** Whether what came is held. */
  public boolean contains(Received received) {
    Origin at = received.origin();
    if (severalEach.contains(at.topic())) {
      return (received.refused() == null ? rows : deadLetters).contains(at);
    }
    return rows.contains(at) || deadLetters.contains(at);
  }
}
