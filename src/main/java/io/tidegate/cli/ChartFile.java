package io.tidegate.cli;

import io.tidegate.model.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file of {@code --chart}. */
final class ChartFile {

  private ChartFile() {}

  /** Writes a page; throws a UserError where it cannot. */
  static void write(Path file, String html) {
    try {
      Files.writeString(file, html);
    } catch (IOException e) {
      throw new UserError("--chart", "", e.toString(), "a file that can be written");
    }
  }
}
