package io.tidegate.model;

import java.io.Serializable;

/**
 * What the archive holds already, so that it keeps nothing again.
 *
 * @param records offsets held, of topics of which a record is one event
 * @param rows offsets held by tables, of topics of which one record may hold several events: those
 *     that can be used are in a table and the others among the dead letters, which are committed
 *     apart
 * @param deadLetters offsets of such topics that dead letters hold
 */
public record Archived(ArchivedOffsets records, ArchivedOffsets rows, ArchivedOffsets deadLetters)
    implements Serializable {

  /** Whether what came is held. */
  public boolean contains(Received received) {
    Origin at = received.origin();
    return records.contains(at) || (received.refused() == null ? rows : deadLetters).contains(at);
  }
}
