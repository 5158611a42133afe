package io.tidegate.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record of the gate's evidence: estimates of one metric behind a signal; none where {@code
 * refused} is there.
 */
public record ReceivedEvidence(
    Origin origin, String signalId, List<Estimate> estimates, @Nullable DeadLetter refused)
    implements Received {

  public ReceivedEvidence {
    estimates = List.copyOf(estimates);
  }
}
