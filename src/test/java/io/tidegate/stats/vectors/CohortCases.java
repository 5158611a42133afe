package io.tidegate.stats.vectors;

import static io.tidegate.stats.vectors.Inputs.doubles;
import static io.tidegate.stats.vectors.Inputs.field;
import static io.tidegate.stats.vectors.Inputs.fields;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.stats.Stated;
import io.tidegate.stats.estimate.MetaAnalysis;
import io.tidegate.stats.estimate.Strata;
import io.tidegate.stats.estimate.Survival;
import io.tidegate.stats.estimate.Tables;
import io.tidegate.stats.estimate.Trend;
import io.tidegate.stats.sequence.MeanStratum;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Cases over strata, segments, cohorts and time: strata, meta, survival, trend. */
final class CohortCases {
  static final Map<String, Function<JsonNode, Object>> METHODS =
      Map.of(
          "strata.mh", CohortCases::mantelHaenszel,
          "strata.direct", in -> weighted(Strata.direct(strata(in), doubles(in.get("weights")))),
          "strata.post", in -> weighted(Strata.post(strata(in))),
          "strata.cmh", CohortCases::tables,
          "meta.dl", CohortCases::meta,
          "survival.km", CohortCases::kaplanMeier,
          "survival.logrank", CohortCases::logRank,
          "trend.wls", CohortCases::trend);

  private CohortCases() {}

  private static List<MeanStratum> strata(JsonNode in) {
    List<MeanStratum> strata = new ArrayList<>();
    for (JsonNode s : in.get("strata")) {
      strata.add(
          new MeanStratum(
              s.get("n_a").asLong(),
              Inputs.number(s, "mean_a", 0),
              Inputs.number(s, "var_a", 0),
              s.get("n_b").asLong(),
              Inputs.number(s, "mean_b", 0),
              Inputs.number(s, "var_b", 0)));
    }
    return strata;
  }

  private static Object mantelHaenszel(JsonNode in) {
    Stated<Strata.MantelHaenszel> mh = Strata.mantelHaenszel(strata(in));
    return fields(
        "estimate", field(mh, Strata.MantelHaenszel::estimate),
        "se", field(mh, Strata.MantelHaenszel::se),
        "weight", field(mh, Strata.MantelHaenszel::weight),
        "info", field(mh, Strata.MantelHaenszel::information),
        "pooled", field(mh, Strata.MantelHaenszel::pooled),
        "simpson", field(mh, Strata.MantelHaenszel::simpson));
  }

  private static Object weighted(Stated<Strata.Weighted> difference) {
    return fields(
        "estimate", field(difference, Strata.Weighted::estimate),
        "se", field(difference, Strata.Weighted::se));
  }

  private static Object tables(JsonNode in) {
    List<Tables.Table> tables = new ArrayList<>();
    for (JsonNode t : in.get("tables")) {
      tables.add(
          new Tables.Table(
              t.get("x_b").asLong(),
              t.get("f_b").asLong(),
              t.get("x_a").asLong(),
              t.get("f_a").asLong()));
    }
    Tables.Common common = Tables.cochranMantelHaenszel(tables);
    return fields(
        "odds_ratio", common.oddsRatio(),
        "risk_ratio", common.riskRatio(),
        "log_odds_se", common.logOddsSe(),
        "stat", field(common.test(), Tables.Chi2::statistic),
        "p", field(common.test(), Tables.Chi2::pValue));
  }

  private static Object meta(JsonNode in) {
    Stated<MetaAnalysis> meta =
        MetaAnalysis.derSimonianLaird(doubles(in.get("effect")), doubles(in.get("se")));
    return fields(
        "fixed", field(meta, MetaAnalysis::fixed),
        "fixed_se", field(meta, MetaAnalysis::fixedSe),
        "q", field(meta, MetaAnalysis::q),
        "df", field(meta, MetaAnalysis::df),
        "p", meta.flatMap(MetaAnalysis::pValue),
        "i2", field(meta, MetaAnalysis::i2),
        "tau2", field(meta, MetaAnalysis::tau2),
        "random", field(meta, MetaAnalysis::random),
        "random_se", field(meta, MetaAnalysis::randomSe),
        "shrunk", field(meta, MetaAnalysis::shrunk),
        "shrunk_se", field(meta, MetaAnalysis::shrunkSe));
  }

  private static List<Survival.Followed> followed(JsonNode in) {
    List<Survival.Followed> units = new ArrayList<>();
    for (int i = 0; i < in.get("time").size(); i++) {
      units.add(
          new Survival.Followed(
              in.get("time").get(i).asDouble(),
              in.get("event").get(i).asBoolean(),
              in.path("group").path(i).asBoolean()));
    }
    return units;
  }

  private static Object kaplanMeier(JsonNode in) {
    List<Object> time = new ArrayList<>();
    List<Object> survival = new ArrayList<>();
    List<Object> se = new ArrayList<>();
    for (Survival.Point point : Survival.kaplanMeier(followed(in))) {
      time.add(point.time());
      survival.add(point.survival());
      se.add(point.se());
    }
    return fields("time", time, "surv", survival, "se", se);
  }

  private static Object logRank(JsonNode in) {
    Survival.LogRank test = Survival.logRank(followed(in));
    return fields(
        "observed_b", test.observedB(),
        "expected_b", test.expectedB(),
        "variance", test.variance(),
        "chi2", field(test.test(), Tables.Chi2::statistic),
        "p", field(test.test(), Tables.Chi2::pValue));
  }

  private static Object trend(JsonNode in) {
    Stated<Trend> line =
        Trend.weighted(doubles(in.get("x")), doubles(in.get("y")), doubles(in.get("se")));
    return fields(
        "slope", field(line, Trend::slope),
        "intercept", field(line, Trend::intercept),
        "slope_se", field(line, Trend::slopeSe),
        "intercept_se", field(line, Trend::interceptSe),
        "z", field(line, Trend::z),
        "p", field(line, Trend::pValue));
  }
}
