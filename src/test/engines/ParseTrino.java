import io.trino.sql.parser.SqlParser;
import java.nio.file.Files;
import java.nio.file.Path;

/** Parses every query of a folder as Trino does: {@code ParseTrino FOLDER}. */
public final class ParseTrino {

  public static void main(String[] args) throws Exception {
    try (var files = Files.list(Path.of(args[0]))) {
      for (Path file : files.sorted().toList()) {
        try {
          // The semicolon is for Trino's command line, which takes it off.
          new SqlParser().createStatement(Files.readString(file).strip().replaceFirst(";$", ""));
        } catch (RuntimeException e) {
          throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
        System.out.println(file.getFileName());
      }
    }
  }
}
