package io.tidegate.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.tidegate.model.ReportData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a rollout did, for people: one self-contained file, safe to send around. */
public final class Report {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private Report() {}

  /** One HTML file that needs no network; small segments are withheld. */
  public static String html(ReportData data) {
    return Html.render("report.jte", Pages.of(data));
  }

  /** The same in Markdown: sentences and tables. */
  public static String markdown(ReportData data) {
    return new Markdown().write(Pages.of(data));
  }

  /** The same as JSON: headline, facts, sections with their tables. */
  public static String json(ReportData data) {
    try {
      return JSON.writeValueAsString(PageJson.of(Pages.of(data))) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A page as plain JSON values. */
  static final class PageJson {

    private PageJson() {}

    static Map<String, Object> of(Page page) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("rollout", page.subject());
      json.put("headline", page.headline());
      Map<String, String> facts = new LinkedHashMap<>();
      page.facts().forEach(f -> facts.put(f.label(), f.value()));
      json.put("facts", facts);
      List<Object> sections = new ArrayList<>();
      for (Page.Section s : page.sections()) {
        Map<String, Object> section = new LinkedHashMap<>();
        section.put("id", s.id());
        section.put("title", s.title());
        section.put("lead", s.lead());
        section.put("notes", s.notes());
        section.put("text", s.text());
        List<Page.Table> tables = new ArrayList<>(s.tables());
        s.charts().forEach(c -> tables.add(c.table()));
        section.put("tables", tables.stream().map(PageJson::table).toList());
        sections.add(section);
      }
      json.put("sections", sections);
      return json;
    }

    private static Map<String, Object> table(Page.Table t) {
      Map<String, Object> table = new LinkedHashMap<>();
      table.put("caption", t.caption());
      table.put("columns", t.columns().stream().map(Page.Column::name).toList());
      table.put("rows", t.rows());
      return table;
    }
  }
}
