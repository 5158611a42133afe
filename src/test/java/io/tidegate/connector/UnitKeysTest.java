package io.tidegate.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.model.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnitKeysTest {

  private static final String KEY = "000102030405060708090a0b0c0d0e0f";

  @TempDir Path folder;

  @Test
  void environment_wins_over_the_file() throws IOException {
    Path file = Files.writeString(folder.resolve("key"), "another key of enough bytes\n");
    PrivacyConfig config = new PrivacyConfig("KEY", file.toString());
    assertThat(UnitKeys.key(config, Map.of("KEY", KEY))).hasSize(16).startsWith(0, 1, 2);
    assertThat(UnitKeys.key(config, Map.of())).asString().isEqualTo("another key of enough bytes");
  }

  @Test
  void short_missing_and_unreadable_keys_are_refused_without_showing_them() {
    assertThatThrownBy(() -> UnitKeys.key(new PrivacyConfig("KEY", ""), Map.of("KEY", "hush")))
        .isInstanceOf(UserError.class)
        .hasMessage("KEY: found 4 bytes: expected a unit key of at least 16 bytes");
    assertThatThrownBy(() -> UnitKeys.key(new PrivacyConfig("KEY", ""), Map.of()))
        .hasMessageContaining("expected a key for unit ids, in the environment variable KEY");
    assertThatThrownBy(() -> UnitKeys.key(new PrivacyConfig("KEY", "/none"), Map.of()))
        .hasMessageContaining("privacy.unit_key_file: found /none");
  }
}
