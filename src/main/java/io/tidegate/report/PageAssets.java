package io.tidegate.report;

import java.util.LinkedHashMap;
import java.util.Map;

/** The report's style and the scripts that draw its charts, for a page that shows them live. */
public final class PageAssets {

  private PageAssets() {}

  public static String style() {
    return Vendored.resource("page.css");
  }

  /** File name → text, in the order they load. */
  public static Map<String, String> scripts() {
    Map<String, String> scripts = new LinkedHashMap<>();
    Vendored.scripts().forEach(s -> scripts.put(s.file(), s.text()));
    scripts.put("charts.js", Vendored.resource("charts.js"));
    return scripts;
  }
}
