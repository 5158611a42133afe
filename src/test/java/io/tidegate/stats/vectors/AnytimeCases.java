package io.tidegate.stats.vectors;

import static io.tidegate.stats.vectors.Inputs.doubles;
import static io.tidegate.stats.vectors.Inputs.fields;
import static io.tidegate.stats.vectors.Inputs.number;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.stats.Stated;
import io.tidegate.stats.sequence.GrowthBook;
import io.tidegate.stats.sequence.LogScale;
import io.tidegate.stats.sequence.MeanContrast;
import io.tidegate.stats.sequence.MeanEvidence;
import io.tidegate.stats.sequence.MeanStratum;
import io.tidegate.stats.sequence.MixtureAverage;
import io.tidegate.stats.sequence.Multiplicity;
import io.tidegate.stats.sequence.NormalMixture;
import io.tidegate.stats.sequence.Side;
import io.tidegate.stats.sequence.Tuning;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Cases of sequential inference on means: mixture, asympcs, multiplicity. */
final class AnytimeCases {
  static final Map<String, Function<JsonNode, Object>> METHODS =
      Map.of(
          "mixture.core", AnytimeCases::mixture,
          "mixture.tune", AnytimeCases::tune,
          "asympcs.engine", AnytimeCases::engine,
          "asympcs.growthbook", AnytimeCases::growthBook,
          "asympcs.growthbook_one_sided", AnytimeCases::growthBookOneSided,
          "multiplicity.p", AnytimeCases::adjustedP,
          "multiplicity.e", AnytimeCases::adjustedE);

  private AnytimeCases() {}

  private static Object mixture(JsonNode in) {
    double z = number(in, "z");
    double kappa = number(in, "kappa");
    double alpha = Inputs.alpha(in);
    double two = NormalMixture.logETwo(z, kappa);
    double greater = NormalMixture.logE(Side.GREATER, z, kappa);
    double less = NormalMixture.logE(Side.LESS, z, kappa);
    return fields(
        "log_e_two", two,
        "log_e_greater", greater,
        "log_e_less", less,
        "p_two", LogScale.pValue(two),
        "p_greater", LogScale.pValue(greater),
        "p_less", LogScale.pValue(less),
        "zcrit_two", NormalMixture.criticalTwo(kappa, alpha),
        "zcrit_one", NormalMixture.criticalOne(kappa, alpha),
        "zcrit_one_closed", NormalMixture.criticalOneClosed(kappa, alpha));
  }

  private static Object tune(JsonNode in) {
    double alpha = Inputs.alpha(in);
    double x = NormalMixture.tunedKappa(alpha);
    return fields(
        "x_exact", x,
        "x_approx", NormalMixture.approximateTunedKappa(alpha),
        "gb_rho", NormalMixture.growthBookRho(alpha, number(in, "n_opt")),
        "gb_rho_one_sided", NormalMixture.growthBookRho(2 * alpha, number(in, "n_opt")),
        "zcrit_at_x", NormalMixture.criticalTwo(x, alpha));
  }

  private static Object engine(JsonNode in) {
    JsonNode margin = in.get("rel_margin");
    double factor = margin == null || margin.isNull() ? 1 : 1 + margin.asDouble();
    Tuning tuning =
        new Tuning(
            Inputs.alpha(in), number(in, "neff_star"), number(in, "sigma2_star"), number(in, "x"));
    Stated<MeanContrast> contrast =
        MeanContrast.of(List.of(arms(in)), factor, in.get("variance_floor").asBoolean());
    if (!contrast.said()) {
      return fields(
          "log_e_two", 0.0,
          "log_e_greater", 0.0,
          "log_e_less", 0.0,
          "p_two", 1.0,
          "p_greater", 1.0,
          "p_less", 1.0,
          "cs_low", Double.NEGATIVE_INFINITY,
          "cs_high", Double.POSITIVE_INFINITY,
          "lower_one", Double.NEGATIVE_INFINITY,
          "upper_one", Double.POSITIVE_INFINITY);
    }
    MeanEvidence e = MeanEvidence.of(contrast.orThrow(), tuning, MixtureAverage.SINGLE);
    return fields(
        "estimate", e.estimate(),
        "se", e.standardError(),
        "neff", e.contrast().weight(),
        "info", e.contrast().information(),
        "kappa", e.kappa(),
        "z", e.z(),
        "log_e_two", e.logE(Side.TWO),
        "log_e_greater", e.logE(Side.GREATER),
        "log_e_less", e.logE(Side.LESS),
        "p_two", LogScale.pValue(e.logE(Side.TWO)),
        "p_greater", LogScale.pValue(e.logE(Side.GREATER)),
        "p_less", LogScale.pValue(e.logE(Side.LESS)),
        "zcrit_two", e.criticalTwo(),
        "zcrit_one", e.criticalOne(),
        "cs_low", e.interval().lower(),
        "cs_high", e.interval().upper(),
        "lower_one", e.lowerBound(),
        "upper_one", e.upperBound());
  }

  private static Object growthBook(JsonNode in) {
    GrowthBook g =
        GrowthBook.twoSided(
                arms(in),
                Inputs.alpha(in),
                number(in, "n_opt"),
                in.get("difference_type").asText().equals("relative"))
            .orThrow();
    return fields(
        "estimate", g.estimate(),
        "se", g.standardError(),
        "rho", g.rho(),
        "kappa", g.kappa(),
        "halfwidth", g.halfWidth(),
        "ci_low", g.estimate() - g.halfWidth(),
        "ci_high", g.estimate() + g.halfWidth(),
        "p", g.pValue());
  }

  private static Object growthBookOneSided(JsonNode in) {
    Side side = in.get("side").asText().equals("greater") ? Side.GREATER : Side.LESS;
    GrowthBook.Bound g =
        GrowthBook.oneSided(arms(in), Inputs.alpha(in), number(in, "n_opt"), side).orThrow();
    return fields(
        "estimate", g.estimate(),
        "se", g.standardError(),
        "rho", g.rho(),
        "kappa", g.kappa(),
        "bound", g.bound());
  }

  private static MeanStratum arms(JsonNode in) {
    return new MeanStratum(
        in.get("n_a").asLong(),
        number(in, "mean_a"),
        number(in, "var_a"),
        in.get("n_b").asLong(),
        number(in, "mean_b"),
        number(in, "var_b"));
  }

  private static Object adjustedP(JsonNode in) {
    double[] p = doubles(in.get("p"));
    return fields(
        "bonferroni", list(Multiplicity.bonferroni(p)),
        "holm", list(Multiplicity.holm(p)),
        "hochberg", list(Multiplicity.hochberg(p)),
        "bh", list(Multiplicity.benjaminiHochberg(p)),
        "by", list(Multiplicity.benjaminiYekutieli(p)));
  }

  private static Object adjustedE(JsonNode in) {
    double[] logs = Arrays.stream(doubles(in.get("e"))).map(StrictMath::log).toArray();
    double[] holm = Arrays.stream(Multiplicity.eHolm(logs)).map(StrictMath::exp).toArray();
    return fields(
        "e_holm", list(holm),
        "ebh_rejected", Multiplicity.eBenjaminiHochberg(number(in, "q"), logs),
        "mean_e", StrictMath.exp(LogScale.logMean(logs)));
  }

  private static List<Double> list(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
