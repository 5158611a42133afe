package io.tidegate.spec;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.model.Nearest;
import java.util.LinkedHashSet;
import java.util.Set;

/** The flag's variants, its split, and the traffic that the stages enroll. */
final class FlagChecks {

  private static final double ROUNDING = 1e-9;

  private final JsonNode root;
  private final JsonNode flag;
  private final Findings findings;
  private final boolean ramped;
  private final String control;
  private final Set<String> treatments = new LinkedHashSet<>();

  private FlagChecks(JsonNode root, Findings findings) {
    this.root = root;
    this.flag = root.path("flag");
    this.findings = findings;
    this.ramped = root.path("assignment").asText().equals("ramped");
    this.control = flag.path("control").asText();
    flag.path("treatments").forEach(t -> treatments.add(t.asText()));
  }

  static void check(JsonNode root, Findings findings) {
    FlagChecks checks = new FlagChecks(root, findings);
    checks.variants();
    checks.split();
    checks.enrolled();
  }

  private void variants() {
    if (!control.isEmpty() && treatments.contains(control)) {
      findings.add("flag.treatments", control, "variants other than the control");
    }
    String notEnrolled = flag.path("not_enrolled").asText();
    if (!notEnrolled.isEmpty()
        && (notEnrolled.equals(control) || treatments.contains(notEnrolled))) {
      String expected = "a variant or reason that neither control nor a treatment has";
      findings.add("flag.not_enrolled", notEnrolled, expected);
    }
  }

  private void split() {
    JsonNode split = flag.path("split");
    if (!split.isObject()) {
      return;
    }
    Set<String> variants = new LinkedHashSet<>();
    if (!ramped) {
      variants.add(control);
    }
    variants.addAll(treatments);
    split
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!variants.contains(name)) {
                String expected =
                    ramped && name.equals(control)
                        ? "weights of the treatments only: control has the rest"
                        : "one of the variants " + String.join(", ", variants);
                String path = Findings.child("flag.split", name);
                findings.add(path, name, Nearest.suggest(expected, name, variants));
              }
            });
    for (String variant : variants) {
      if (!variant.isEmpty() && !split.has(variant)) {
        findings.add(Findings.child("flag.split", variant), "", "a weight for every variant");
      }
    }
  }

  private void enrolled() {
    if (!root.path("assignment").asText().equals("matched")) {
      return;
    }
    double share = treatmentShare();
    JsonNode stages = root.path("stages");
    for (int i = 0; i < stages.size(); i++) {
      JsonNode percent = stages.get(i).path("percent");
      double enrolled = percent.asDouble() / share;
      if (percent.isNumber() && percent.asDouble() < 100 && enrolled > 100 + ROUNDING) {
        findings.add(
            Findings.child(Findings.child("stages", i), "percent"),
            percent,
            "at most %s or exactly 100: the treatments are %s %% of the enrolled, so %s %% of all traffic would be enrolled"
                .formatted(number(100 * share), number(100 * share), number(enrolled)));
      }
    }
  }

  /** The treatments' share of the enrolled; 1 where the flag does not say it properly. */
  private double treatmentShare() {
    JsonNode split = flag.path("split");
    if (!split.isObject()) {
      return treatments.isEmpty() ? 1 : treatments.size() / (treatments.size() + 1.0);
    }
    double treated = 0;
    for (String treatment : treatments) {
      treated += split.path(treatment).asDouble();
    }
    double all = treated + split.path(control).asDouble();
    return treated > 0 && all > 0 ? treated / all : 1;
  }

  private static String number(double value) {
    return CanonicalJson.shortest(Math.rint(value * 100) / 100);
  }
}
