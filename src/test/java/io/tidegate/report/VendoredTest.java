package io.tidegate.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class VendoredTest {

  @Test
  void scripts_areTheListedBytes() throws Exception {
    assertThat(Vendored.scripts()).hasSize(3);
    for (Vendored.Script script : Vendored.scripts()) {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(script.text().getBytes(StandardCharsets.UTF_8));
      assertThat(HexFormat.of().formatHex(hash)).as(script.file()).isEqualTo(script.sha256());
      assertThat(script.text()).contains("\"" + script.version() + "\"");
    }
  }

  @Test
  void scripts_areNamedWithTheirLicence() throws IOException {
    String thirdParty = Files.readString(Path.of("docs", "third-party.md"));
    for (Vendored.Script script : Vendored.scripts()) {
      assertThat(Vendored.resource("vendor/NOTICE")).contains(script.name(), script.licence());
      assertThat(Vendored.resource("vendor/" + script.name() + ".LICENSE"))
          .contains("Redistribution and use in source and binary forms");
      assertThat(thirdParty)
          .contains("| " + script.name() + " | " + script.version() + " | " + script.licence());
    }
  }
}
