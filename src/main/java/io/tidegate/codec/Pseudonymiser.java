package io.tidegate.codec;

import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Turns unit ids into pseudonyms: HMAC-SHA-256 (RFC 2104) under a secret key, its first 128 bits as
 * 32 hexadecimal digits. Who lacks the key can neither undo it nor try ids. The key's two blocks
 * are hashed once and not anew for each id, as the library's does. Not thread-safe.
 */
public final class Pseudonymiser {

  /** Fewest bytes of a key. */
  public static final int MIN_KEY_BYTES = 16;

  private static final int BLOCK_BYTES = 64;
  private static final int HASH_BYTES = 32;
  private static final int BYTES = 16;
  private static final byte INNER = 0x36;
  private static final byte OUTER = 0x5c;

  private final MessageDigest inner;
  private final MessageDigest outer;
  private final byte[] hash = new byte[HASH_BYTES];

  public Pseudonymiser(byte[] key) {
    if (key.length < MIN_KEY_BYTES) {
      throw new IllegalArgumentException(
          "a key of " + key.length + " bytes, below " + MIN_KEY_BYTES);
    }
    byte[] block =
        Arrays.copyOf(key.length > BLOCK_BYTES ? sha256().digest(key) : key, BLOCK_BYTES);
    inner = begun(block, INNER);
    outer = begun(block, OUTER);
    pseudonym(""); // a digest without copies is told of here
  }

  private static MessageDigest begun(byte[] block, byte pad) {
    byte[] padded = block.clone();
    for (int i = 0; i < padded.length; i++) {
      padded[i] ^= pad;
    }
    MessageDigest digest = sha256();
    digest.update(padded);
    return digest;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  public String pseudonym(String unitId) {
    byte[] utf8 = unitId.getBytes(StandardCharsets.UTF_8);
    return pseudonym(utf8, 0, utf8.length);
  }

  /** Of a unit id that is some bytes of an array, in UTF-8. */
  String pseudonym(byte[] bytes, int from, int length) {
    try {
      MessageDigest digest = copy(inner);
      digest.update(bytes, from, length);
      digest.digest(hash, 0, HASH_BYTES);
      digest = copy(outer);
      digest.update(hash);
      digest.digest(hash, 0, HASH_BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException("a hash of " + HASH_BYTES + " bytes has no room", e);
    }
    return HexFormat.of().formatHex(hash, 0, BYTES);
  }

  private static MessageDigest copy(MessageDigest begun) {
    try {
      return (MessageDigest) begun.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("SHA-256 of " + begun.getProvider() + " has no copies", e);
    }
  }
}
