package io.tidegate.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The scripts that draw the charts, as listed in {@code vendor/vendored.txt}. */
final class Vendored {

  /**
   * One script.
   *
   * @param sha256 of the file, in hexadecimal
   */
  record Script(String name, String version, String licence, String file, String sha256) {

    /** The script's text, unchanged. */
    String text() {
      return resource("vendor/" + file);
    }
  }

  private Vendored() {}

  /** All of them in the order they load. */
  static List<Script> scripts() {
    return resource("vendor/vendored.txt")
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> line.split(" "))
        .map(w -> new Script(w[0], w[1], w[2], w[3], w[4]))
        .toList();
  }

  static String resource(String path) {
    try (InputStream in = Vendored.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
