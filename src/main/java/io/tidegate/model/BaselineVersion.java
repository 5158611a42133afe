package io.tidegate.model;

import java.util.Comparator;

/**
 * A run that learned baselines; the largest is the newest.
 *
 * @param revision 1 for the first run, 0 where unknown
 * @param validFromMs end of the history it used
 */
public record BaselineVersion(int revision, long validFromMs, String runId)
    implements Comparable<BaselineVersion> {

  private static final Comparator<BaselineVersion> ORDER =
      Comparator.comparingInt(BaselineVersion::revision)
          .thenComparingLong(BaselineVersion::validFromMs)
          .thenComparing(BaselineVersion::runId);

  @Override
  public int compareTo(BaselineVersion other) {
    return ORDER.compare(this, other);
  }
}
