package io.tidegate.serve;

import io.tidegate.model.ReportData;

/** What the gate said before, as the tables have it. */
@FunctionalInterface
public interface Archive {

  /**
   * An attempt of a rollout. Throws a UserError that says why where there is none or the tables
   * cannot be read.
   *
   * @param attempt 1, 2, …
   */
  ReportData attempt(String rolloutId, int attempt);
}
