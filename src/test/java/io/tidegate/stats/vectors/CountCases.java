package io.tidegate.stats.vectors;

import static io.tidegate.stats.vectors.Inputs.doubles;
import static io.tidegate.stats.vectors.Inputs.fields;
import static io.tidegate.stats.vectors.Inputs.longs;
import static io.tidegate.stats.vectors.Inputs.number;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.stats.Stated;
import io.tidegate.stats.sequence.BetaBinomialBoundary;
import io.tidegate.stats.sequence.ChiSquareSplit;
import io.tidegate.stats.sequence.LabelBeta;
import io.tidegate.stats.sequence.LabelStratum;
import io.tidegate.stats.sequence.LabelTest;
import io.tidegate.stats.sequence.LogScale;
import io.tidegate.stats.sequence.NormalBoundary;
import io.tidegate.stats.sequence.QuantileSequence;
import io.tidegate.stats.sequence.RatioStratum;
import io.tidegate.stats.sequence.SampleRatio;
import io.tidegate.stats.sequence.StitchedBoundary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Cases of sequential inference on labels, counts and quantiles: label, srm, confseq. */
final class CountCases {
  static final Map<String, Function<JsonNode, Object>> METHODS =
      Map.of(
          "label.beta", CountCases::labelBeta,
          "label.grid", CountCases::labelGrid,
          "srm.chisq", CountCases::chiSquare,
          "srm.sequential", CountCases::sampleRatio,
          "confseq.normal_mixture", CountCases::normalBoundary,
          "confseq.beta_binomial", CountCases::betaBinomial,
          "confseq.poly_stitching", CountCases::stitching,
          "confseq.cdf_lil", CountCases::distributionBand,
          "confseq.double_stitching", CountCases::doubleStitching,
          "confseq.quantile_ab", CountCases::quantiles);

  private CountCases() {}

  private static Object labelBeta(JsonNode in) {
    LabelBeta b = LabelBeta.of(stratum(in), number(in, "k"), Inputs.alpha(in));
    return fields(
        "log_e_two", b.logETwo(),
        "log_e_greater", b.logEGreater(),
        "log_e_less", b.logELess(),
        "p_two", LogScale.pValue(b.logETwo()),
        "p_greater", LogScale.pValue(b.logEGreater()),
        "p_less", LogScale.pValue(b.logELess()),
        "p_low", b.share().lower(),
        "p_high", b.share().upper(),
        "ratio_low", b.ratio().lower(),
        "ratio_high", b.ratio().upper());
  }

  private static Object labelGrid(JsonNode in) {
    List<LabelStratum> strata = new ArrayList<>();
    in.get("epochs").forEach(e -> strata.add(stratum(e)));
    LabelTest t = LabelTest.of(strata, Inputs.number(in, "theta0", 0), Inputs.alpha(in));
    return fields(
        "log_e_two", t.logETwo(),
        "log_e_greater", t.logEGreater(),
        "log_e_less", t.logELess(),
        "p_two", LogScale.pValue(t.logETwo()),
        "p_greater", LogScale.pValue(t.logEGreater()),
        "p_less", LogScale.pValue(t.logELess()),
        "theta_low", t.theta().lower(),
        "theta_high", t.theta().upper(),
        "ratio_low", t.ratio().lower(),
        "ratio_high", t.ratio().upper());
  }

  private static LabelStratum stratum(JsonNode in) {
    return new LabelStratum(number(in, "pi"), in.get("c_a").asLong(), in.get("c_b").asLong());
  }

  private static Object chiSquare(JsonNode in) {
    Stated<ChiSquareSplit> answer = ChiSquareSplit.of(split(in));
    return fields(
        "stat", Inputs.field(answer, ChiSquareSplit::statistic),
        "df", Inputs.field(answer, ChiSquareSplit::degreesOfFreedom),
        "p", Inputs.field(answer, ChiSquareSplit::pValue));
  }

  private static Object sampleRatio(JsonNode in) {
    RatioStratum split = split(in);
    SampleRatio mix = SampleRatio.of(List.of(split), doubles(in.get("ks")));
    Map<String, @Nullable Object> fields = fields("log_e_mix", mix.logE(), "p_mix", mix.pValue());
    for (double k : doubles(in.get("ks"))) {
      fields.put("log_e_k" + (long) k, SampleRatio.logE(split, k));
    }
    return fields;
  }

  private static RatioStratum split(JsonNode in) {
    return new RatioStratum(
        Arrays.stream(longs(in.get("counts"))).boxed().toList(),
        Arrays.stream(doubles(in.get("probs"))).boxed().toList());
  }

  private static Object normalBoundary(JsonNode in) {
    NormalBoundary boundary =
        NormalBoundary.tuned(
            number(in, "v_opt"), number(in, "alpha_opt"), in.get("one_sided").asBoolean());
    return fields(
        "bound", boundary.bound(number(in, "v"), Inputs.alpha(in)),
        "log_mixture_at_s", boundary.logMixture(number(in, "s"), number(in, "v")));
  }

  private static Object betaBinomial(JsonNode in) {
    BetaBinomialBoundary boundary =
        BetaBinomialBoundary.tuned(
            number(in, "v_opt"),
            number(in, "alpha_opt"),
            number(in, "g"),
            number(in, "h"),
            in.get("one_sided").asBoolean());
    double v = number(in, "v");
    double alpha = Inputs.alpha(in);
    return fields(
        "bound", boundary.bound(v, alpha),
        "log_mixture_at_s", boundary.logMixture(number(in, "s"), v),
        "bound_is_cap", boundary.isCapped(v, alpha));
  }

  private static Object stitching(JsonNode in) {
    return fields(
        "bound",
        StitchedBoundary.polynomial(
            number(in, "v"),
            Inputs.alpha(in),
            number(in, "v_min"),
            number(in, "c"),
            number(in, "s"),
            number(in, "eta")));
  }

  private static Object distributionBand(JsonNode in) {
    return fields(
        "bound",
        StitchedBoundary.distributionBand(
            number(in, "t"), Inputs.alpha(in), number(in, "t_min"), number(in, "A")));
  }

  private static Object doubleStitching(JsonNode in) {
    return fields(
        "bound",
        StitchedBoundary.quantileUniform(
            number(in, "q"),
            number(in, "t"),
            Inputs.alpha(in),
            number(in, "t_opt"),
            number(in, "delta"),
            number(in, "s"),
            number(in, "eta")));
  }

  private static Object quantiles(JsonNode in) {
    return fields(
        "p",
        QuantileSequence.equalityPValue(
            doubles(in.get("a")),
            doubles(in.get("b")),
            number(in, "q"),
            number(in, "t_opt"),
            number(in, "alpha_opt")));
  }
}
