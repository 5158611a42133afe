package io.tidegate.cli;

import io.tidegate.analysis.judge.JudgeSettings;
import io.tidegate.model.Better;
import io.tidegate.model.Margin;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How metrics are judged: the options of {@code judge}, any of which a row may override. */
final class JudgeOptions {

  @Option(
      names = "--control",
      paramLabel = "VARIANT",
      defaultValue = "control",
      description = "The variant that the others are compared with (default: ${DEFAULT-VALUE}).")
  private String control;

  @Option(
      names = "--better",
      paramLabel = "up|down",
      defaultValue = "up",
      description = "Where the metric improves (default: ${DEFAULT-VALUE}).")
  private String better;

  @Option(
      names = "--alpha",
      defaultValue = "0.05",
      description = "Level of the intervals and of ADVANCE (default: ${DEFAULT-VALUE}).")
  private String alpha;

  @Option(
      names = "--alpha-rollback",
      defaultValue = "0.01",
      description =
          "False-rollback budget of a test over its metrics and treatments"
              + " (default: ${DEFAULT-VALUE}).")
  private String alphaRollback;

  @Option(
      names = "--margin",
      paramLabel = "M",
      defaultValue = "0",
      description =
          "Harm that must be ruled out to ADVANCE: 0.02 is relative, abs:0.0075 absolute"
              + " (default: ${DEFAULT-VALUE}, so a gain must be shown).")
  private String margin;

  @Option(
      names = "--rollback",
      paramLabel = "M",
      description = "Harm beyond which to ROLLBACK, written like --margin (default: the margin).")
  private @Nullable String rollback;

  private final Map<Map<String, String>, Optional<JudgeSettings>> parsed = new LinkedHashMap<>();

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  JudgeOptions() {}

  /** The names a row may override. */
  static final String[] NAMES = {
    "control", "better", "alpha", "alpha_rollback", "margin", "rollback"
  };

  /** Refuses options that cannot be used. */
  void check() {
    RowProblems problems = new RowProblems("options");
    settings(Map.of(), (name, value, expected) -> problems.add(option(name), value, expected));
    problems.throwIfAny();
  }

  /** Takes a setting that cannot be used. */
  interface Refusal {
    void refuse(String name, String value, String expected);
  }

  /** The settings with some overridden; empty where one was refused. */
  Optional<JudgeSettings> settings(Map<String, String> overrides, Refusal refusal) {
    Optional<JudgeSettings> known = parsed.get(overrides);
    if (known != null && known.isPresent()) {
      return known;
    }
    Optional<JudgeSettings> settings = parse(overrides, refusal);
    if (parsed.size() < 10_000) {
      parsed.put(Map.copyOf(overrides), settings);
    }
    return settings;
  }

  private Optional<JudgeSettings> parse(Map<String, String> overrides, Refusal refusal) {
    String direction = overrides.getOrDefault("better", better).toLowerCase(Locale.ROOT);
    if (!direction.equals("up") && !direction.equals("down")) {
      refusal.refuse("better", direction, "up or down");
    }
    Better side = direction.equals("down") ? Better.DOWN : Better.UP;
    Double level = level("alpha", overrides.getOrDefault("alpha", alpha), refusal);
    Double budget =
        level("alpha_rollback", overrides.getOrDefault("alpha_rollback", alphaRollback), refusal);
    String tolerated = overrides.getOrDefault("margin", margin);
    String beyond = overrides.getOrDefault("rollback", rollback == null ? tolerated : rollback);
    Margin within = margin("margin", tolerated, side, refusal);
    Margin limit = margin("rollback", beyond, side, refusal);
    if (level == null
        || budget == null
        || within == null
        || limit == null
        || (!direction.equals("up") && !direction.equals("down"))) {
      return Optional.empty();
    }
    String baseline = overrides.getOrDefault("control", control);
    return Optional.of(new JudgeSettings(baseline, side, level, budget, within, limit));
  }

  private static @Nullable Double level(String name, String text, Refusal refusal) {
    Double value = Cells.parse(text);
    if (value == null || !(value > 0 && value < 1)) {
      refusal.refuse(name, text, "a level between 0 and 1");
      return null;
    }
    return value;
  }

  private static @Nullable Margin margin(String name, String text, Better better, Refusal refusal) {
    boolean absolute = text.startsWith("abs:");
    Double value = Cells.parse(absolute ? text.substring(4) : text);
    if (value == null || !(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      refusal.refuse(name, text, "a margin such as 0.02 or abs:0.0075");
      return null;
    }
    if (!absolute && better == Better.UP && value >= 1) {
      refusal.refuse(name, text, "a relative margin below 1, or abs:");
      return null;
    }
    return absolute ? new Margin(null, value) : Margin.relative(value);
  }

  private static String option(String name) {
    return "--" + name.replace('_', '-');
  }
}
