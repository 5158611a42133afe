package io.tidegate.serve;

/** Text from outside on its way into a log. */
final class Text {

  private static final int SHOWN = 200;

  private Text() {}

  /** On one line: control and format characters become {@code _}; at most 200 characters. */
  static String plain(String text) {
    String shown = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    return shown.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]", "_");
  }
}
