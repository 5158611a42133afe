package io.tidegate.analysis.gate;

import io.tidegate.model.Estimate;
import io.tidegate.model.Margin;
import io.tidegate.model.RolloutSpec;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a test has shown, for whoever is on call: what is worse, by how much, and what would have
 * been tolerated. Of a segment that must not be shown only the dimension is named, without figures.
 */
final class Sentences {

  private final StageProcess process;

  Sentences(StageProcess process) {
    this.process = process;
  }

  /** Harm beyond what rolls back. */
  String harm(Tested test) {
    return subject(test) + " is " + worseThanControl(test) + byMore(test) + now(test);
  }

  /** Harm that is not shown, but more than half the way. */
  String near(Tested test) {
    return subject(test)
        + " is not shown to be "
        + worseThanControl(test)
        + byMore(test)
        + now(test)
        + (shown(test)
            ? "; the evidence is at "
                + figure(test.logE(), 3)
                + " of the "
                + figure(StrictMath.log(1 / test.alpha()), 3)
                + " that ROLLBACK takes"
            : "; the evidence is more than half of what ROLLBACK takes");
  }

  /** The evidence of a test as a reason states it; empty where it would tell of a small segment. */
  String evidence(Tested test) {
    return shown(test) ? "log e " + Quality.number(test.logE()) : "";
  }

  /** Harm above nothing. */
  String worse(Tested test) {
    return subject(test) + " is " + worseThanControl(test) + now(test);
  }

  /** A margin as a sentence has it: {@code 10 %}, {@code 0.0075}, or the looser of both. */
  static String margin(Margin margin) {
    Double relative = margin.relative();
    Double absolute = margin.absolute();
    if (relative == null) {
      return number(absolute);
    }
    String share = percent(relative);
    return absolute == null ? share : share + " or " + number(absolute) + ", whichever is more";
  }

  private String worseThanControl(Tested test) {
    String with = with(test.subject(), process.attempt().definition().spec());
    return with.isEmpty() ? "worse than control" : "worse" + with + " than with control";
  }

  /** Which of several treatments a sentence is about; empty where there is but one. */
  static String with(Subject subject, RolloutSpec spec) {
    List<String> treatments = spec.flag().treatments();
    return treatments.size() < 2 ? "" : " with " + treatments.get(subject.treatment() - 1);
  }

  private static String byMore(Tested test) {
    return " by more than " + tolerated(test);
  }

  private static String tolerated(Tested test) {
    Margin margin = test.subject().rollbackMargin();
    return margin == null || (zero(margin.relative()) && zero(margin.absolute()))
        ? "nothing, and no loss is tolerated"
        : "the " + margin(margin) + " that is tolerated";
  }

  private static boolean zero(@Nullable Double part) {
    return part == null || part == 0;
  }

  private String subject(Tested test) {
    Subject subject = test.subject();
    return shown(test)
        ? subject.label()
        : subject.metric().name() + " in a small segment of " + subject.dimensionName();
  }

  private boolean shown(Tested test) {
    return process.shown(test.subject().dimension(), test.subject().segment());
  }

  private String now(Tested test) {
    Estimate row = test.estimate();
    Double control = row.control();
    Double treatment = row.treatment();
    if (!shown(test) || control == null || treatment == null) {
      return "";
    }
    Double relative = row.relEffectSize();
    boolean share = test.subject().metric().kind().isBinary();
    return " (now "
        + (share ? percent(treatment) : number(treatment))
        + " against "
        + (share ? percent(control) : number(control))
        + (relative == null ? "" : ", " + (relative > 0 ? "+" : "") + percent(relative))
        + ")";
  }

  private static String number(@Nullable Double value) {
    return value == null ? "nothing" : figure(value, 4);
  }

  private static String percent(double share) {
    return figure(100 * share, 3) + " %";
  }

  static String figure(double value, int digits) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    return new BigDecimal(value)
        .round(new MathContext(digits))
        .stripTrailingZeros()
        .toPlainString();
  }
}
