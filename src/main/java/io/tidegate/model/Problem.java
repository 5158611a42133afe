package io.tidegate.model;

/**
 * One thing wrong with something a user gave.
 *
 * @param file where it was read, or the name of the command-line option
 * @param path place inside it, such as {@code stages[1].percent}; empty for the whole
 * @param value what was found, shortened; empty where nothing was
 * @param expected what would have been right
 */
public record Problem(String file, String path, String value, String expected) {

  private static final int SHOWN = 120;

  public Problem {
    value = value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "…";
  }

  @Override
  public String toString() {
    StringBuilder line = new StringBuilder(file);
    if (!path.isEmpty()) {
      line.append(": ").append(path);
    }
    if (!value.isEmpty()) {
      line.append(": found ").append(value);
    }
    return line.append(": expected ").append(expected).toString();
  }
}
