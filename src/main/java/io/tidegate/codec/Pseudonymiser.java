package io.tidegate.codec;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

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
  private static final int REMEMBERED = 1 << 14;

  private final Mac mac;
  private final @Nullable String[] units = new String[REMEMBERED];
  private final @Nullable String[] pseudonyms = new String[REMEMBERED];

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
    int slot = spread(unitId.hashCode()) & (REMEMBERED - 1);
    String known = pseudonyms[slot];
    if (known != null && unitId.equals(units[slot])) {
      return known;
    }
    byte[] hash = mac.doFinal(unitId.getBytes(StandardCharsets.UTF_8));
    String fresh = HexFormat.of().formatHex(Arrays.copyOf(hash, BYTES));
    units[slot] = unitId;
    pseudonyms[slot] = fresh;
    return fresh;
  }

  private static int spread(int hash) {
    return hash ^ (hash >>> 16);
  }
}
