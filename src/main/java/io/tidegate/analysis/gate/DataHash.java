package io.tidegate.analysis.gate;

import io.tidegate.model.Estimate;
import io.tidegate.model.Reason;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 of all that the data decided at a boundary: verdict, reasons, every estimate to the last
 * bit. How records arrived is no part of it.
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
    try (DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(
                new DigestOutputStream(OutputStream.nullOutputStream(), digest)))) {
      text(judgement.verdict().name(), out);
      for (Reason reason : judgement.reasons()) {
        text(reason.toString(), out);
      }
      for (Estimate estimate : estimates) {
        write(estimate, out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void write(Estimate e, DataOutputStream out) throws IOException {
    text(e.rolloutId(), out);
    out.writeInt(e.attempt());
    out.writeInt(e.epoch());
    text(e.stage(), out);
    out.writeLong(e.boundaryMs());
    out.writeInt(e.revision());
    text(e.controlVariant(), out);
    text(e.treatmentVariant(), out);
    text(e.metric(), out);
    text(e.dimension(), out);
    text(e.segment(), out);
    text(e.purpose().name(), out);
    text(e.basis(), out);
    text(e.normalisation(), out);
    text(e.method(), out);
    out.writeDouble(e.alpha());
    number(e.bound(), out);
    number(e.control(), out);
    number(e.treatment(), out);
    number(e.effectSize(), out);
    number(e.effectSizeLower(), out);
    number(e.effectSizeUpper(), out);
    number(e.relEffectSize(), out);
    number(e.relEffectSizeLower(), out);
    number(e.relEffectSizeUpper(), out);
    number(e.eValueLog(), out);
    number(e.pValue(), out);
    out.writeLong(e.unitsControl());
    out.writeLong(e.unitsTreatment());
    text(e.reason(), out);
  }

  private static void number(@Nullable Double value, DataOutputStream out) throws IOException {
    out.writeBoolean(value != null);
    if (value != null) {
      out.writeDouble(value);
    }
  }

  private static void text(String text, DataOutputStream out) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }
}
