package io.tidegate.report;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Lays a page out as one HTML file that needs no network. */
final class Html {

  private static final TemplateEngine TEMPLATES =
      TemplateEngine.createPrecompiled(
          null, ContentType.Html, Html.class.getClassLoader(), "io.tidegate.report.templates");

  private Html() {}

  static String render(String template, Page page) {
    List<String> scripts = new ArrayList<>();
    boolean drawn = page.sections().stream().anyMatch(s -> !s.charts().isEmpty());
    if (drawn) {
      Vendored.scripts().forEach(s -> scripts.add(Inline.script(s.text())));
      scripts.add(Inline.script(Vendored.resource("charts.js")));
    }
    scripts.add(Inline.script(Vendored.resource("page.js")));
    Map<String, Object> params =
        Map.of(
            "page",
            page,
            "style",
            Vendored.resource("page.css"),
            "charts",
            Inline.json(charts(page)),
            "scripts",
            scripts,
            "policy",
            Inline.policy(scripts),
            "notice",
            drawn ? notice() : "none");
    StringOutput out = new StringOutput();
    TEMPLATES.render(template, params, out);
    return out.toString();
  }

  private static String notice() {
    return Vendored.scripts().stream()
        .map(s -> s.name() + " " + s.version() + " (" + s.licence() + ")")
        .collect(Collectors.joining(", "));
  }

  private static String charts(Page page) {
    return page.sections().stream()
        .flatMap(s -> s.charts().stream())
        .map(c -> "{\"id\":\"" + c.id() + "\",\"spec\":" + c.spec() + "}")
        .collect(Collectors.joining(",\n", "[", "]"));
  }
}
