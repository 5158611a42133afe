package io.tidegate.report;

import io.tidegate.analysis.privacy.PublishedRows;
import io.tidegate.model.GateSignal;
import io.tidegate.model.ReportData;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.RunStamp;
import io.tidegate.report.Page.Fact;
import io.tidegate.report.Page.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Makes a report's page from a rollout's rows; small segments are hidden first. */
final class Pages {

  private Pages() {}

  static Page of(ReportData all) {
    PublishedRows published = PublishedRows.of(all);
    ReportData data = published.data();
    Map<String, Set<String>> hidden = published.hidden();
    Findings findings = new Findings(data);
    List<Section> sections = new ArrayList<>();
    sections.add(HealthSection.of(data, findings));
    sections.add(TimelineSection.of(data));
    sections.add(EffectSection.of(data, findings));
    if (!data.baseline().isEmpty()) {
      sections.add(BaselineSection.of(data));
    }
    sections.add(SegmentSection.of(data, findings, hidden));
    if (!data.comparisons().isEmpty()) {
      sections.add(StageSection.of(data));
    }
    sections.add(CurveSections.retention(data));
    sections.add(CurveSections.revenue(data, findings));
    sections.add(ImpactSection.of(data, findings));
    sections.add(DurabilitySection.of(data, findings));
    sections.add(CalendarSection.of(data, findings));
    HoldoutSection.of(data, findings).ifPresent(sections::add);
    AfterSection.of(data, findings).ifPresent(sections::add);
    sections.add(DecisionSection.of(data));
    sections.add(MethodSection.of(data));
    sections.add(MethodSection.configuration(data));
    Headline headline = new Headlines(data).write(hidden);
    return new Page(
        "Rollout report", data.spec().id(), headline.sentence(), headline, facts(data), sections);
  }

  static List<Fact> facts(ReportData data) {
    RolloutSpec spec = data.spec();
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("Rollout", spec.id()));
    facts.add(new Fact("Attempt", Integer.toString(data.attempt())));
    GateSignal last = data.lastSignal();
    if (last != null) {
      facts.add(new Fact("Stage", last.stage() + ", " + Headlines.percent(last.percent())));
    }
    GateSignal decisive = data.decisive();
    if (decisive != null) {
      facts.add(
          new Fact(
              "Decided at",
              Figures.time(decisive.boundaryMs()) + ", " + decisive.verdict().name()));
    }
    RolloutEvent end = data.ending();
    if (end != null) {
      facts.add(new Fact("Ended at", Figures.time(end.eventTimeMs())));
    }
    facts.add(
        new Fact(
            "Judged with data until",
            data.asOfMs() == 0 ? Figures.NONE : Figures.time(data.asOfMs())));
    RunStamp stamp = data.runStamp();
    if (stamp != null) {
      facts.add(new Fact("Followed with data until", Figures.time(stamp.dataEndMs())));
    }
    facts.add(
        new Fact(
            "Owner", spec.owner() + (spec.contact().isEmpty() ? "" : " (" + spec.contact() + ")")));
    if (!spec.hypothesis().statement().isEmpty()) {
      facts.add(new Fact("Hypothesis", spec.hypothesis().statement()));
    }
    return facts;
  }

  /** A name as part of an HTML id. */
  static String slug(String name) {
    String slug = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    return slug.matches("-*") ? "x" + Integer.toHexString(name.hashCode()) : slug;
  }
}
