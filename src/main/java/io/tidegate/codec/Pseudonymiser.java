package io.tidegate.codec;

import io.tidegate.model.RecentTexts;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Turns unit ids into pseudonyms: HMAC-SHA-256 under a secret key, its first 128 bits as 32
 * hexadecimal digits. Who lacks the key can neither undo it nor try ids. Remembers the units it saw
 * last. Not thread-safe.
 */
public final class Pseudonymiser {

  /** Fewest bytes of a key. */
  public static final int MIN_KEY_BYTES = 16;

  private static final String ALGORITHM = "HmacSHA256";
  private static final int BYTES = 16;
  private static final int REMEMBERED = 1 << 15;

  private final Mac mac;
  private final RecentTexts recent = new RecentTexts(REMEMBERED, this::keyed);

  public Pseudonymiser(byte[] key) {
    if (key.length < MIN_KEY_BYTES) {
      throw new IllegalArgumentException(
          "a key of " + key.length + " bytes, below " + MIN_KEY_BYTES);
    }
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  public String pseudonym(String unitId) {
    byte[] utf8 = unitId.getBytes(StandardCharsets.UTF_8);
    return pseudonym(utf8, 0, utf8.length);
  }

  /** Of a unit id that is some bytes of an array, in UTF-8. */
  String pseudonym(byte[] bytes, int from, int length) {
    return recent.text(bytes, from, length);
  }

  private String keyed(byte[] bytes, int from, int length) {
    mac.update(bytes, from, length);
    return HexFormat.of().formatHex(mac.doFinal(), 0, BYTES);
  }
}
