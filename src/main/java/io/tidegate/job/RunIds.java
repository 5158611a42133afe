package io.tidegate.job;

import io.tidegate.model.AttemptId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;

/** Names of batch runs: equal inputs have an equal name. */
final class RunIds {

  /** Raised with every change of the rules that changes a number, so that runs are made again. */
  private static final int RULES = 5;

  private static final int BYTES = 12;

  private RunIds() {}

  /**
   * The run of {@code impact} for an attempt.
   *
   * @param covariates runs that wrote the covariates it reads; none where it reads none
   * @param dataEndMs how far the snapshots are read, epoch milliseconds
   */
  static String of(AttemptId attempt, Snapshots pinned, Set<String> covariates, long dataEndMs) {
    return of("impact", attempt + "/" + pinned + "/" + new TreeSet<>(covariates) + "/" + dataEndMs);
  }

  /** The run of a replay. */
  static String ofReplay(Snapshots pinned) {
    return of("replay", pinned.toString());
  }

  /** A run of a job from all that its rows depend on. */
  static String of(String job, String inputs) {
    String text = RULES + "/" + inputs;
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return job + "-" + HexFormat.of().formatHex(hash, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
