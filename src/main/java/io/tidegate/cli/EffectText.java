package io.tidegate.cli;

import io.tidegate.model.Nearest;
import io.tidegate.model.Problem;
import io.tidegate.model.RolloutSpec;
import io.tidegate.simulate.Lever;
import io.tidegate.simulate.PlantedEffect;
import io.tidegate.simulate.Shock;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the options that plant effects and shocks, collecting what is wrong with them. */
final class EffectText {

  private static final List<String> LEVERS =
      Arrays.stream(Lever.values()).map(l -> l.name().toLowerCase(Locale.ROOT)).toList();

  private final RolloutSpec spec;
  private final long startMs;
  private final List<Problem> problems;

  EffectText(RolloutSpec spec, long startMs, List<Problem> problems) {
    this.spec = spec;
    this.startMs = startMs;
    this.problems = problems;
  }

  /** The effect that a text states; empty where it is wrong. */
  Optional<PlantedEffect> effect(String text) {
    Parts parts = parts("--effect", text);
    if (parts == null) {
      return Optional.empty();
    }
    String variant = parts.rest().getOrDefault("variant", "");
    String stage = parts.rest().getOrDefault("from", "");
    if (!variant.isEmpty() && !spec.flag().treatments().contains(variant)) {
      wrong("--effect", text, "a variant among " + spec.flag().treatments());
      return Optional.empty();
    }
    if (!stage.isEmpty() && spec.stageIndex(stage) < 0) {
      List<String> stages = spec.stages().stream().map(s -> s.name()).toList();
      wrong("--effect", text, "a stage among " + stages);
      return Optional.empty();
    }
    Map<String, String> where = new LinkedHashMap<>(parts.rest());
    where.remove("variant");
    where.remove("from");
    try {
      return Optional.of(new PlantedEffect(parts.lever(), parts.change(), variant, stage, where));
    } catch (IllegalArgumentException e) {
      wrong("--effect", text, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /** The shock that a text states; empty where it is wrong. */
  Optional<Shock> shock(String text) {
    Parts parts = parts("--shock", text);
    if (parts == null) {
      return Optional.empty();
    }
    try {
      String from = parts.rest().getOrDefault("from", "");
      String length = parts.rest().getOrDefault("for", "");
      long fromMs = startMs + Duration.parse(from).toMillis();
      long toMs = fromMs + Duration.parse(length).toMillis();
      return Optional.of(new Shock(parts.lever(), parts.change(), fromMs, toMs));
    } catch (DateTimeException | IllegalArgumentException e) {
      wrong("--shock", text, "LEVER=CHANGE,from=P5DT3H,for=PT6H");
      return Optional.empty();
    }
  }

  private record Parts(Lever lever, double change, Map<String, String> rest) {}

  private @Nullable Parts parts(String option, String text) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : text.split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals <= 0) {
        wrong(option, text, "pairs NAME=VALUE parted by commas");
        return null;
      }
      pairs.put(pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
    }
    String name = pairs.keySet().iterator().next();
    if (!LEVERS.contains(name)) {
      String expected = "one of the levers " + String.join(", ", LEVERS);
      wrong(option, name, Nearest.suggest(expected, name, LEVERS));
      return null;
    }
    try {
      double change = Double.parseDouble(String.valueOf(pairs.remove(name)));
      return new Parts(Lever.valueOf(name.toUpperCase(Locale.ROOT)), change, pairs);
    } catch (NumberFormatException e) {
      wrong(option, text, "a change such as -0.4");
      return null;
    }
  }

  private void wrong(String option, String value, String expected) {
    problems.add(new Problem(option, "", value, expected));
  }
}
