package io.tidegate.analysis.gate;

import io.tidegate.analysis.attribution.StateBytes;
import io.tidegate.model.Estimate;
import io.tidegate.model.Reason;
import java.nio.charset.StandardCharsets;
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
    StateBytes out = new StateBytes();
    text(judgement.verdict().name(), out);
    for (Reason reason : judgement.reasons()) {
      text(reason.toString(), out);
    }
    for (Estimate estimate : estimates) {
      write(estimate, out);
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      out.writeTo(digest);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  private static void write(Estimate e, StateBytes out) {
    text(e.rolloutId(), out);
    out.putInt(e.attempt());
    out.putInt(e.epoch());
    text(e.stage(), out);
    out.putLong(e.boundaryMs());
    out.putInt(e.revision());
    text(e.controlVariant(), out);
    text(e.treatmentVariant(), out);
    text(e.metric(), out);
    text(e.dimension(), out);
    text(e.segment(), out);
    text(e.purpose().name(), out);
    text(e.basis(), out);
    text(e.normalisation(), out);
    text(e.method(), out);
    out.putDouble(e.alpha());
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
    out.putLong(e.unitsControl());
    out.putLong(e.unitsTreatment());
    text(e.reason(), out);
  }

  private static void number(@Nullable Double value, StateBytes out) {
    out.putByte(value == null ? 0 : 1);
    if (value != null) {
      out.putDouble(value);
    }
  }

  private static void text(String text, StateBytes out) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.putInt(utf8.length);
    out.write(utf8, 0, utf8.length);
  }
}
