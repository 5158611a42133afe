package io.tidegate.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The questions of {@code sql/flink/queries}, by name. */
final class NamedQueries {

  /** Their names, in the order in which people usually ask. */
  static final List<String> ALL =
      List.of(
          "is_the_split_fair",
          "effect_by_stage",
          "do_the_stages_compare",
          "which_segment_disagrees",
          "why_was_it_rolled_back",
          "decision_timeline",
          "time_per_stage",
          "retention_curve_by_stage",
          "revenue_to_date",
          "revenue_loss_by_segment",
          "shipped_against_held_out",
          "data_health",
          "how_late_do_events_come",
          "baseline_profile",
          "how_well_it_forecasts",
          "usual_or_unusual_hours",
          "what_was_flagged");

  private NamedQueries() {}

  /** The query's text with its banner. */
  static String text(String name) {
    String path = "/sql/flink/queries/" + name + ".sql";
    try (InputStream in = NamedQueries.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalArgumentException("no query named " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The question a query answers, from its banner. */
  static String question(String name) {
    return text(name)
        .lines()
        .filter(line -> line.startsWith("-- Question: "))
        .findFirst()
        .map(line -> line.substring("-- Question: ".length()))
        .orElse("");
  }
}
