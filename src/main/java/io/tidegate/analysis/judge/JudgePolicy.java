package io.tidegate.analysis.judge;

import io.tidegate.model.Margin;
import io.tidegate.model.Reason;
import io.tidegate.model.Verdict;
import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.CannotSay;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/**
 * The order of judgement of design.md §7 as far as aggregates carry it: harm beyond the rollback
 * margin, which latches; harm within it; enough shown; otherwise hold.
 */
final class JudgePolicy {

  /** A verdict and its reasons. */
  record Outcome(Verdict verdict, List<Reason> reasons) {}

  private final JudgeSettings settings;
  private final double alphaHarm;

  /** {@code alphaHarm} is the share of the rollback budget that one treatment's metric has. */
  JudgePolicy(JudgeSettings settings, double alphaHarm) {
    this.settings = settings;
    this.alphaHarm = alphaHarm;
  }

  /** The verdict on {@code comparison} as it stands at {@code time}. */
  Outcome judge(Comparison comparison, String time) {
    List<Reason> reasons = new ArrayList<>();
    Stated<Finding> harm = comparison.worseThan(settings.rollback(), alphaHarm);
    if (harm instanceof Stated.Value<Finding> f && f.value().shown()) {
      comparison.latch(new Comparison.Latched(time, f.value()));
    }
    Comparison.Latched latched = comparison.latched();
    if (latched != null) {
      String beyond = "worse than control by more than " + text(settings.rollback());
      String sentence = "shown at " + latched.time() + " to be " + beyond;
      reasons.add(reason("HARM_BEYOND_ROLLBACK", sentence, Stated.of(latched.finding())));
      return new Outcome(Verdict.ROLLBACK, reasons);
    }
    Stated<Finding> worse = comparison.worseThan(Margin.ZERO, alphaHarm);
    if (shown(worse)) {
      reasons.add(reason("HARM_WITHIN_TOLERANCE", "shown to be worse than control", worse));
      return new Outcome(Verdict.REVIEW, reasons);
    }
    Stated<Finding> enough = comparison.notWorseThan(settings.margin(), settings.alpha());
    if (shown(enough)) {
      reasons.add(reason("NOT_WORSE", "shown " + target(), enough));
      near(harm, reasons);
      return new Outcome(Verdict.ADVANCE, reasons);
    }
    if (enough instanceof CannotSay<Finding> no) {
      reasons.add(new Reason(no.reason().name(), "cannot say: " + no.detail(), "", ""));
    } else {
      reasons.add(reason("NOT_YET_SHOWN", "not yet shown " + target(), enough));
    }
    near(harm, reasons);
    return new Outcome(Verdict.HOLD, reasons);
  }

  /** How far the evidence is from ROLLBACK, once it is half the way. */
  private void near(Stated<Finding> harm, List<Reason> reasons) {
    if (harm instanceof Stated.Value<Finding> f
        && f.value().observed() >= f.value().threshold() / 2) {
      String beyond = "worse than control by more than " + text(settings.rollback());
      reasons.add(reason("HARM_NOT_YET_SHOWN", "not shown to be " + beyond, harm));
    }
  }

  private String target() {
    Margin margin = settings.margin();
    return isZero(margin)
        ? "to be better than control"
        : "to be worse by less than " + text(margin);
  }

  private static boolean isZero(Margin margin) {
    return (margin.relative() == null || margin.relative() == 0)
        && (margin.absolute() == null || margin.absolute() == 0);
  }

  private static boolean shown(Stated<Finding> finding) {
    return finding instanceof Stated.Value<Finding> f && f.value().shown();
  }

  private static Reason reason(String code, String sentence, Stated<Finding> finding) {
    if (!(finding instanceof Stated.Value<Finding> f)) {
      return new Reason(code, sentence, "", "");
    }
    String observed = number(f.value().observed());
    String threshold = number(f.value().threshold());
    String figures = " (" + f.value().measure() + " " + observed + ", needed " + threshold + ")";
    return new Reason(code, sentence + figures, observed, threshold);
  }

  private static String text(Margin margin) {
    Double relative = margin.relative();
    return relative != null ? number(100 * relative) + " %" : number(absolute(margin));
  }

  private static double absolute(Margin margin) {
    return margin.absolute() == null ? 0 : margin.absolute();
  }

  private static String number(double value) {
    return new BigDecimal(value, new MathContext(4)).stripTrailingZeros().toPlainString();
  }
}
