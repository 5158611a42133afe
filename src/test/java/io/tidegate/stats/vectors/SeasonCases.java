package io.tidegate.stats.vectors;

import static io.tidegate.stats.vectors.Inputs.doubles;
import static io.tidegate.stats.vectors.Inputs.field;
import static io.tidegate.stats.vectors.Inputs.fields;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.stats.Stated;
import io.tidegate.stats.season.CountInterval;
import io.tidegate.stats.season.Cusum;
import io.tidegate.stats.season.HourOfWeek;
import io.tidegate.stats.season.SeasonFit;
import io.tidegate.stats.season.SeasonForecast;
import io.tidegate.stats.season.SeasonHistory;
import io.tidegate.stats.season.ShiryaevRoberts;
import io.tidegate.stats.sequence.Interval;
import io.tidegate.stats.tail.CountDistribution;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Cases of the seasonal baseline and its alarms. */
final class SeasonCases {
  static final Map<String, Function<JsonNode, Object>> METHODS =
      Map.of(
          "calendar.hour_of_week", SeasonCases::hourOfWeek,
          "baseline.fit", SeasonCases::fit,
          "count.interval", SeasonCases::count,
          "detector.sr", SeasonCases::shiryaevRoberts,
          "detector.cusum", SeasonCases::cusum);

  private SeasonCases() {}

  private static Object hourOfWeek(JsonNode in) {
    Map<String, Object> zones = new LinkedHashMap<>();
    for (JsonNode zone : in.get("zones")) {
      List<Object> slots = new ArrayList<>();
      in.get("epoch_ms")
          .forEach(ms -> slots.add(HourOfWeek.of(ms.asLong(), ZoneId.of(zone.asText()))));
      zones.put(zone.asText(), slots);
    }
    return fields("hour_of_week", zones);
  }

  private static Object fit(JsonNode in) {
    SeasonFit.Settings settings =
        new SeasonFit.Settings(
            in.get("period").asInt(),
            Inputs.number(in, "kappa"),
            Inputs.number(in, "huber"),
            in.get("iters").asInt(),
            Inputs.number(in, "half_life"),
            0,
            0);
    double[] parent = new double[settings.slots()];
    Arrays.fill(parent, 1);
    if (in.path("parent").isArray()) {
      parent = doubles(in.get("parent"));
    }
    List<SeasonHistory.Point> history = new ArrayList<>();
    for (int i = 0; i < in.get("y").size(); i++) {
      history.add(
          new SeasonHistory.Point(
              in.get("y").get(i).asDouble(),
              in.path("den").path(i).asDouble(1),
              in.get("slot").get(i).asInt(),
              in.get("week").get(i).asInt(),
              in.path("mask").path(i).asBoolean()));
    }
    Stated<SeasonFit> fit =
        SeasonFit.fit(SeasonHistory.of(history, settings.slots()), parent, settings);
    Stated<SeasonForecast> forecast = fit.flatMap(f -> SeasonForecast.of(f, 1));
    return fields(
        "profile", field(fit, SeasonFit::profile),
        "levels", field(fit, SeasonFit::levels),
        "scale", field(fit, SeasonFit::scale),
        "tau2", field(fit, SeasonFit::dispersion),
        "level_next", field(forecast, SeasonForecast::level),
        "level_sd", field(forecast, SeasonForecast::levelSd),
        "slots_eff", field(forecast, SeasonForecast::effectiveWeeks),
        "tau2_next", forecast.flatMap(SeasonForecast::dispersion));
  }

  private static Object count(JsonNode in) {
    CountDistribution expected =
        new CountDistribution(Inputs.number(in, "mu"), Inputs.number(in, "tau2", 0));
    Interval interval = CountInterval.of(expected, Inputs.alpha(in));
    return fields(
        "low", interval.lower(),
        "high", interval.upper(),
        "sd", expected.standardDeviation(),
        "z", CountInterval.score(expected, in.get("y").asLong()));
  }

  private static Object shiryaevRoberts(JsonNode in) {
    List<Object> log = new ArrayList<>();
    ShiryaevRoberts detector = ShiryaevRoberts.START;
    for (double z : doubles(in.get("z"))) {
      detector = detector.next(z, Inputs.number(in, "delta", 1), Inputs.number(in, "cap", 4));
      log.add(detector.logStatistic());
    }
    return fields("log_m", log);
  }

  private static Object cusum(JsonNode in) {
    List<Object> up = new ArrayList<>();
    List<Object> down = new ArrayList<>();
    Cusum detector = Cusum.START;
    for (double z : doubles(in.get("z"))) {
      detector = detector.next(z, Inputs.number(in, "k", 0.5));
      up.add(detector.up());
      down.add(detector.down());
    }
    return fields("up", up, "down", down);
  }
}
