package io.tidegate.stats.vectors;

import static io.tidegate.stats.vectors.Inputs.doubles;
import static io.tidegate.stats.vectors.Inputs.field;
import static io.tidegate.stats.vectors.Inputs.fields;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.stats.Stated;
import io.tidegate.stats.estimate.Cuped;
import io.tidegate.stats.estimate.Difference;
import io.tidegate.stats.estimate.Lift;
import io.tidegate.stats.estimate.LiftSet;
import io.tidegate.stats.estimate.MannWhitney;
import io.tidegate.stats.estimate.Proportions;
import io.tidegate.stats.estimate.Quantiles;
import io.tidegate.stats.estimate.Ratios;
import io.tidegate.stats.estimate.TTest;
import io.tidegate.stats.estimate.Welch;
import io.tidegate.stats.sequence.Interval;
import io.tidegate.stats.sequence.Side;
import io.tidegate.stats.sums.CentredSums;
import io.tidegate.stats.sums.CovariateMoments;
import io.tidegate.stats.sums.Moments;
import io.tidegate.stats.sums.RatioMoments;
import java.util.Map;
import java.util.function.Function;

/** Cases of one look at a fixed horizon: means, proportions, ratios, covariates, quantiles. */
final class FixedHorizonCases {
  static final Map<String, Function<JsonNode, Object>> METHODS =
      Map.ofEntries(
          Map.entry("welch.diff", FixedHorizonCases::welch),
          Map.entry("welch.relative", FixedHorizonCases::relative),
          Map.entry("relative.log_ratio", FixedHorizonCases::logRatio),
          Map.entry("relative.fieller", FixedHorizonCases::fieller),
          Map.entry("proportion.diff", FixedHorizonCases::comparison),
          Map.entry("proportion.interval", FixedHorizonCases::proportion),
          Map.entry("ratio.delta", FixedHorizonCases::ratio),
          Map.entry("cuped.joint", FixedHorizonCases::joint),
          Map.entry("cuped.ancova", FixedHorizonCases::ancova),
          Map.entry("cuped.missing", FixedHorizonCases::missing),
          Map.entry("quantile.order_interval", FixedHorizonCases::order),
          Map.entry("quantile.clustered_variance", FixedHorizonCases::clustered),
          Map.entry("mannwhitney", FixedHorizonCases::mannWhitney));

  private FixedHorizonCases() {}

  private static Moments variant(JsonNode in, String variant) {
    return Moments.of(
        in.get("n_" + variant).asLong(),
        Inputs.number(in, "mean_" + variant, 0),
        Inputs.number(in, "var_" + variant, 0));
  }

  private static Side side(JsonNode in) {
    return switch (in.path("alternative").asText("two-sided")) {
      case "two-sided" -> Side.TWO;
      case "greater" -> Side.GREATER;
      case "less" -> Side.LESS;
      default -> throw new IllegalArgumentException("alternative " + in.get("alternative"));
    };
  }

  private static Object welch(JsonNode in) {
    return difference(
        "diff",
        Welch.difference(
            variant(in, "a"),
            variant(in, "b"),
            side(in),
            Inputs.alpha(in),
            Inputs.number(in, "h0", 0)));
  }

  private static Object relative(JsonNode in) {
    return difference(
        "estimate", Welch.relative(variant(in, "a"), variant(in, "b"), Inputs.alpha(in)));
  }

  private static Object difference(String name, Stated<Difference> difference) {
    Stated<TTest> test = difference.flatMap(Difference::test);
    return fields(
        name,
        field(difference, Difference::estimate),
        "se",
        field(difference, Difference::se),
        "df",
        field(test, TTest::df),
        "t",
        field(test, TTest::statistic),
        "p",
        field(test, TTest::pValue),
        "ci_low",
        field(test, t -> t.interval().lower()),
        "ci_high",
        field(test, t -> t.interval().upper()));
  }

  private static Object logRatio(JsonNode in) {
    Stated<Lift> lift = Welch.logRatio(variant(in, "a"), variant(in, "b"), Inputs.alpha(in));
    return fields(
        "lift", field(lift, Lift::lift),
        "ci_low", field(lift, l -> l.interval().lower()),
        "ci_high", field(lift, l -> l.interval().upper()));
  }

  private static Object fieller(JsonNode in) {
    LiftSet set =
        LiftSet.fieller(
            Inputs.number(in, "mean_a"),
            Inputs.number(in, "se2_a"),
            Inputs.number(in, "mean_b"),
            Inputs.number(in, "se2_b"),
            Inputs.number(in, "crit"));
    if (set instanceof LiftSet.Between between) {
      return fields("kind", "interval", "low", between.low(), "high", between.high());
    }
    if (set instanceof LiftSet.Outside outside) {
      return fields("kind", "exclusive", "low", outside.low(), "high", outside.high());
    }
    return fields("kind", "all", "low", null, "high", null);
  }

  private static Object comparison(JsonNode in) {
    Stated<Proportions.Comparison> c =
        Proportions.compare(
            in.get("x_a").asLong(),
            in.get("n_a").asLong(),
            in.get("x_b").asLong(),
            in.get("n_b").asLong(),
            Inputs.alpha(in));
    Stated<Proportions.ZTest> pooled = c.flatMap(Proportions.Comparison::pooled);
    return fields(
        "diff", field(c, Proportions.Comparison::difference),
        "z_pooled", field(pooled, Proportions.ZTest::z),
        "p_pooled", field(pooled, Proportions.ZTest::pValue),
        "newcombe_low", field(c, x -> x.newcombe().lower()),
        "newcombe_high", field(c, x -> x.newcombe().upper()),
        "agresti_caffo_low", field(c, x -> x.agrestiCaffo().lower()),
        "agresti_caffo_high", field(c, x -> x.agrestiCaffo().upper()),
        "fisher_p", field(c, Proportions.Comparison::fisherP));
  }

  private static Object proportion(JsonNode in) {
    long x = in.get("x").asLong();
    long n = in.get("n").asLong();
    Stated<Interval> wilson = Proportions.wilson(x, n, Inputs.alpha(in));
    Stated<Interval> exact = Proportions.clopperPearson(x, n, Inputs.alpha(in));
    Stated<Interval> jeffreys = Proportions.jeffreys(x, n, Inputs.alpha(in));
    return fields(
        "wilson_low", field(wilson, Interval::lower),
        "wilson_high", field(wilson, Interval::upper),
        "clopper_pearson_low", field(exact, Interval::lower),
        "clopper_pearson_high", field(exact, Interval::upper),
        "jeffreys_low", field(jeffreys, Interval::lower),
        "jeffreys_high", field(jeffreys, Interval::upper));
  }

  private static Object ratio(JsonNode in) {
    Stated<Ratios.Contrast> contrast =
        Ratios.difference(
            sums(in.get("a"), "m", "d"), sums(in.get("b"), "m", "d"), Inputs.alpha(in));
    Stated<TTest> test = contrast.flatMap(c -> c.absolute().test());
    Stated<Difference> relative = contrast.flatMap(Ratios.Contrast::relative);
    Stated<TTest> relativeTest = relative.flatMap(Difference::test);
    return fields(
        "ratio_a", field(contrast, c -> c.a().mean()),
        "ratio_b", field(contrast, c -> c.b().mean()),
        "var_a", contrast.flatMap(c -> c.a().variance()),
        "var_b", contrast.flatMap(c -> c.b().variance()),
        "diff", field(contrast, c -> c.absolute().estimate()),
        "se", field(contrast, c -> c.absolute().se()),
        "df", field(test, TTest::df),
        "p", field(test, TTest::pValue),
        "ci_low", field(test, t -> t.interval().lower()),
        "ci_high", field(test, t -> t.interval().upper()),
        "relative", field(relative, Difference::estimate),
        "relative_ci_low", field(relativeTest, t -> t.interval().lower()),
        "relative_ci_high", field(relativeTest, t -> t.interval().upper()));
  }

  private static RatioMoments sums(JsonNode in, String y, String d) {
    return CentredSums.ofRaw(
            in.get("n").asLong(),
            in.get("sum_" + y).asDouble(),
            in.get("sum_" + d).asDouble(),
            in.get("sumsq_" + y).asDouble(),
            in.get("sumsq_" + d).asDouble(),
            (in.has("sum_" + y + d) ? in.get("sum_" + y + d) : in.get("sum_" + d + y)).asDouble())
        .ratio();
  }

  private static Object joint(JsonNode in) {
    RatioMoments a = sums(in.get("a"), "y", "x");
    RatioMoments b = sums(in.get("b"), "y", "x");
    Stated<Cuped.Adjusted> adjusted = Cuped.joint(a, b);
    Stated<Cuped.Relative> relative = adjusted.flatMap(j -> Cuped.relative(j, a, b));
    return fields(
        "theta", field(adjusted, Cuped.Adjusted::theta),
        "diff", field(adjusted, Cuped.Adjusted::difference),
        "se", field(adjusted, Cuped.Adjusted::se),
        "relative", field(relative, Cuped.Relative::relative),
        "relative_se", field(relative, Cuped.Relative::se));
  }

  private static Object ancova(JsonNode in) {
    Stated<Cuped.Adjusted> adjusted =
        Cuped.ancova(sums(in.get("a"), "y", "x"), sums(in.get("b"), "y", "x"));
    return fields(
        "theta", field(adjusted, Cuped.Adjusted::theta),
        "diff", field(adjusted, Cuped.Adjusted::difference),
        "se", field(adjusted, Cuped.Adjusted::se),
        "var_ratio", adjusted.flatMap(Cuped.Adjusted::varianceRatio));
  }

  private static Object missing(JsonNode in) {
    CovariateMoments a = covariates(in.get("a"));
    CovariateMoments b = covariates(in.get("b"));
    Stated<Cuped.Adjusted> adjusted = Cuped.missing(a, b);
    return fields(
        "covariate_mean", Cuped.covariateMean(a, b),
        "theta", field(adjusted, Cuped.Adjusted::theta),
        "diff", field(adjusted, Cuped.Adjusted::difference),
        "se", field(adjusted, Cuped.Adjusted::se));
  }

  private static CovariateMoments covariates(JsonNode in) {
    CentredSums all = new CentredSums();
    CentredSums present = new CentredSums();
    for (int i = 0; i < in.get("y").size(); i++) {
      double y = in.get("y").get(i).asDouble();
      all.enter(y, 0);
      if (!in.get("x").get(i).isNull()) {
        present.enter(y, in.get("x").get(i).asDouble());
      }
    }
    return new CovariateMoments(all.moments(), present.ratio());
  }

  private static Object order(JsonNode in) {
    Stated<Quantiles.OrderInterval> interval =
        Quantiles.orderInterval(in.get("n").asLong(), Inputs.number(in, "q"), Inputs.alpha(in));
    return fields(
        "lower_rank", interval.flatMap(Quantiles.OrderInterval::lowerRank),
        "upper_rank", interval.flatMap(Quantiles.OrderInterval::upperRank),
        "coverage", field(interval, Quantiles.OrderInterval::coverage));
  }

  private static Object clustered(JsonNode in) {
    RatioMoments exceedance =
        CentredSums.ofRaw(
                in.get("n_clusters").asLong(),
                Inputs.number(in, "main_sum"),
                Inputs.number(in, "denominator_sum"),
                Inputs.number(in, "main_sum_squares"),
                Inputs.number(in, "denominator_sum_squares"),
                Inputs.number(in, "main_denominator_sum_product"))
            .ratio();
    Stated<Quantiles.Clustered> clustered =
        Quantiles.clusteredVariance(
            in.get("n").asLong(),
            Inputs.number(in, "n_star"),
            Inputs.number(in, "nu"),
            Inputs.number(in, "quantile_lower"),
            Inputs.number(in, "quantile_upper"),
            exceedance);
    return fields(
        "variance", field(clustered, Quantiles.Clustered::variance),
        "standard_error", field(clustered, Quantiles.Clustered::se),
        "design_effect", field(clustered, Quantiles.Clustered::designEffect));
  }

  private static Object mannWhitney(JsonNode in) {
    Stated<MannWhitney> test = MannWhitney.of(doubles(in.get("a")), doubles(in.get("b")));
    return fields("u_b", field(test, MannWhitney::uB), "p", test.flatMap(MannWhitney::pValue));
  }
}
