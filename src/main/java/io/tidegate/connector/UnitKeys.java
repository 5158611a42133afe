package io.tidegate.connector;

import io.tidegate.codec.Pseudonymiser;
import io.tidegate.model.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads the key that pseudonymises unit ids from where a configuration says it is. */
public final class UnitKeys {

  private static final Pattern HEX = Pattern.compile("(?:[0-9a-fA-F]{2}){16,}");

  private UnitKeys() {}

  /**
   * A pseudonymiser under the configured key. Throws a UserError where there is none or it is too
   * short.
   */
  public static Pseudonymiser pseudonymiser(PrivacyConfig config) {
    return new Pseudonymiser(key(config, System.getenv()));
  }

  /** Hexadecimal digits count as such, other text as its UTF-8 bytes. */
  static byte[] key(PrivacyConfig config, Map<String, String> environment) {
    String variable = environment.get(config.unitKeyEnv());
    if (variable != null) {
      return bytes(variable.strip(), config.unitKeyEnv());
    }
    if (config.unitKeyFile().isEmpty()) {
      throw new UserError(
          "privacy",
          "",
          "",
          "a key for unit ids, in the environment variable "
              + config.unitKeyEnv()
              + " or in the file privacy.unit_key_file");
    }
    try {
      return bytes(Files.readString(Path.of(config.unitKeyFile())).strip(), config.unitKeyFile());
    } catch (IOException e) {
      throw new UserError(
          "privacy.unit_key_file", "", config.unitKeyFile(), "a readable file with the unit key");
    }
  }

  private static byte[] bytes(String text, String origin) {
    byte[] key =
        HEX.matcher(text).matches()
            ? HexFormat.of().parseHex(text)
            : text.getBytes(StandardCharsets.UTF_8);
    if (key.length < Pseudonymiser.MIN_KEY_BYTES) {
      throw new UserError(
          origin,
          "",
          key.length + " bytes",
          "a unit key of at least " + Pseudonymiser.MIN_KEY_BYTES + " bytes");
    }
    return key;
  }
}
