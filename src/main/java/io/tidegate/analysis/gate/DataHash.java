package io.tidegate.analysis.gate;

import io.tidegate.model.Estimate;
import io.tidegate.model.Reason;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * SHA-256 of all that the data decided at a boundary: verdict, reasons, every estimate to the last
 * bit.
 */
final class DataHash {

  private DataHash() {}

  static String of(Judgement judgement, List<Estimate> estimates) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
    feed(digest, judgement.verdict().name());
    for (Reason reason : judgement.reasons()) {
      feed(digest, reason.toString());
    }
    for (Estimate estimate : estimates) {
      feed(digest, estimate.toString());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void feed(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }
}
