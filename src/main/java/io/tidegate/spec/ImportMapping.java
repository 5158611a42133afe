package io.tidegate.spec;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the rows of a file become exposures and outcomes.
 *
 * @param source file the mapping was read from, named in problems
 * @param rowPerEvent a row is an event and the earliest of a unit its exposure; else a row is a
 *     unit
 */
public record ImportMapping(
    String source,
    Input input,
    boolean rowPerEvent,
    Text unit,
    ExposureRule exposure,
    List<OutcomeRule> outcomes) {

  /** How a file is laid out. */
  public enum Format {
    CSV,
    TSV,
    WHITESPACE,
    PARQUET
  }

  /**
   * How the file is read.
   *
   * @param header whether the first line names the columns
   * @param columns names of the columns; empty: as the file names them
   */
  public record Input(Format format, boolean header, List<String> columns) {
    public Input {
      columns = List.copyOf(columns);
    }
  }

  /**
   * A text with references to columns.
   *
   * @param path where the mapping has it, named in problems
   * @param template the text, {@code ${column}} for a column's value
   * @param replacements what each result becomes; empty: itself
   */
  public record Text(String path, String template, Map<String, String> replacements) {
    public Text {
      replacements = Collections.unmodifiableMap(new LinkedHashMap<>(replacements));
    }
  }

  /** When something happened. */
  public sealed interface Clock {

    /** A made-up clock: {@code start} for the first unit, {@code step} more for each next one. */
    record Ranked(Instant start, Duration step, @Nullable Text rank) implements Clock {}

    /**
     * A time in the file.
     *
     * @param pattern a DateTimeFormatter's pattern; null: ISO-8601 or epoch milliseconds
     * @param zone of times that name none
     */
    record Dated(Text at, @Nullable String pattern, ZoneId zone) implements Clock {}
  }

  /** Which variant a unit was served. */
  public sealed interface VariantRule {

    /** As the file has it. */
    record Named(Text text) implements VariantRule {}

    /** Drawn by a hash of {@code of} and the salt, with the weights of {@code split}. */
    record Hashed(Text of, String salt, Map<String, Double> split) implements VariantRule {
      public Hashed {
        split = Collections.unmodifiableMap(new LinkedHashMap<>(split));
      }
    }
  }

  /** What a unit was served, and when. */
  public record ExposureRule(
      String flag, VariantRule variant, Clock clock, Map<String, Text> attributes) {
    public ExposureRule {
      attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }
  }

  /**
   * What happened to a unit.
   *
   * @param condition only where this is true; null: always
   * @param clock when; null: at the exposure
   * @param after added to it
   * @param id the event's id; null: a hash of file, row, name and content
   */
  public record OutcomeRule(
      String name,
      @Nullable Text condition,
      @Nullable Text value,
      Clock.@Nullable Dated clock,
      Duration after,
      @Nullable Text id,
      Map<String, Text> attributes) {
    public OutcomeRule {
      attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }
  }

  public ImportMapping {
    outcomes = List.copyOf(outcomes);
  }
}
