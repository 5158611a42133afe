package io.tidegate.codec;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The beginning of a record that was refused, without the unit it is about. */
final class Redaction {

  /** Most characters that are kept. */
  static final int KEPT = 512;

  private static final int LOOKED_AT = 4 * KEPT;
  private static final String MASK = "***";

  /**
   * A field that names a unit in any of the formats read, and its value, however broken; of an
   * object or a list everything that follows.
   */
  private static final Pattern UNIT =
      Pattern.compile(
          "(?is)([\"']?(?:\\w*(?:unit|user|anonymous|device|stable|session)_?id"
              + "|targeting_?key|feature_flag\\.context\\.id)[\"']?\\s*[:=]\\s*)"
              + "(\"(?:[^\"\\\\]++|\\\\.)*+\"?|'[^']*+'?|[\\[{].*+|[^,}\\s]*+)");

  private Redaction() {}

  /**
   * At most {@value #KEPT} characters.
   *
   * @param unitId the unit where it could be read; every place that spells it is masked
   */
  static String of(byte[] value, @Nullable String unitId) {
    int length = Math.min(value.length, LOOKED_AT);
    String text = new String(value, 0, length, StandardCharsets.UTF_8);
    if (unitId != null && !unitId.isEmpty()) {
      text = text.replace(unitId, MASK);
      text = length < value.length ? withoutCut(text, unitId) : text;
    }
    text = UNIT.matcher(text).replaceAll("$1\"" + MASK + "\"");
    return text.length() <= KEPT ? text : text.substring(0, KEPT);
  }

  /** A text without the unit's beginning where it ends in the middle of one. */
  private static String withoutCut(String text, String unitId) {
    for (int n = Math.min(text.length(), unitId.length() - 1); n > 0; n--) {
      if (text.endsWith(unitId.substring(0, n))) {
        return text.substring(0, text.length() - n);
      }
    }
    return text;
  }
}
