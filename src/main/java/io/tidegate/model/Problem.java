package io.tidegate.model;

/**
 * One thing wrong with something a user gave.
 *
 * @param file where it was read, or the name of the command-line option
 * @param line line in the file, from 1; 0 where unknown
 * @param path place inside it, such as {@code stages[1].percent}; empty for the whole
 * @param value what was found, shortened; empty where nothing was
 * @param expected what would have been right
 */
public record Problem(String file, int line, String path, String value, String expected) {

  private static final int SHOWN = 120;

  public Problem {
    value = value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "…";
  }

  /** A problem whose line is unknown. */
  public Problem(String file, String path, String value, String expected) {
    this(file, 0, path, value, expected);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(file);
    if (line > 0) {
      text.append(':').append(line);
    }
    if (!path.isEmpty()) {
      text.append(": ").append(path);
    }
    if (!value.isEmpty()) {
      text.append(": found ").append(value);
    }
    return text.append(": expected ").append(expected).toString();
  }
}
