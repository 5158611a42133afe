package io.tidegate.analysis.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.model.Incident;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ToldIncidentsTest {

  private static final long HOUR = 3_600_000L;
  private static final long DAY = 24 * HOUR;
  private static final long START = 1_704_067_200_000L;
  private static final long END = START + 100 * DAY;
  private static final Duration WITHIN = Duration.ofHours(1);

  private static Incident state(String id, long openedMs, long timeMs, @Nullable Long closedMs) {
    return new Incident(
        id,
        timeMs,
        openedMs,
        closedMs,
        "",
        Incident.Kind.DIP,
        Incident.Severity.WARNING,
        "errors fell",
        List.of("errors"),
        Map.of(),
        false,
        "",
        openedMs + WITHIN.toMillis(),
        1,
        2);
  }

  private static List<Incident> news(List<Incident> told, List<Incident> found, long endMs) {
    return new ToldIncidents(told).news(found, START, endMs, WITHIN);
  }

  /** Two runs over the same hours: what the first told the second does not. */
  private static List<Incident> newsOnce(List<Incident> told, List<Incident> found, long endMs) {
    List<Incident> news = news(told, found, endMs);
    List<Incident> after = new ArrayList<>(told);
    after.addAll(news);
    assertThat(news(after, found, endMs)).as("told again").isEmpty();
    assertThat(news(after, found, endMs + HOUR)).as("told again an hour later").isEmpty();
    return news;
  }

  @Test
  void openIncidentThatIsNotFoundAnyMore_isClosed() {
    Incident open = state("a", END - 5 * HOUR, END - 4 * HOUR, null);
    List<Incident> news = newsOnce(List.of(open), List.of(), END);
    assertThat(news).hasSize(1);
    assertThat(news.get(0).incidentId()).isEqualTo("a");
    assertThat(news.get(0).eventTimeMs()).isEqualTo(END);
    assertThat(news.get(0).closedAtMs()).isEqualTo(END);
    assertThat(news.get(0).sentence()).contains("errors fell").contains("not found any more");
  }

  @Test
  void openIncidentOfBeforeWhatIsJudged_staysAsItIs() {
    Incident early = state("a", START + 41 * DAY, START + 41 * DAY + HOUR, null);
    Incident judged = state("b", START + 42 * DAY, START + 42 * DAY + HOUR, null);
    assertThat(news(List.of(early, judged), List.of(), END))
        .extracting(Incident::incidentId)
        .containsExactly("b");
  }

  @Test
  void incidentThatWasClosedAndIsFoundOpen_isOpenAgain() {
    Incident open = state("a", END - 9 * HOUR, END - 8 * HOUR, null);
    Incident closed = state("a", END - 9 * HOUR, END - 2 * HOUR, END - 2 * HOUR);
    List<Incident> news = newsOnce(List.of(closed, open), List.of(open), END);
    assertThat(news).hasSize(1);
    assertThat(news.get(0).eventTimeMs()).isEqualTo(END);
    assertThat(news.get(0).closedAtMs()).isNull();
  }

  @Test
  void endOfLongAgoOfAnOpenIncident_isToldAsOfNow() {
    Incident open = state("a", END - 9 * DAY, END - 9 * DAY, null);
    Incident over = state("a", END - 9 * DAY, END - 8 * DAY, END - 8 * DAY);
    Incident other = state("b", END - HOUR, END - HOUR, END - HOUR);
    List<Incident> news = newsOnce(List.of(open, other), List.of(open, over, other), END);
    assertThat(news).hasSize(1);
    assertThat(news.get(0).eventTimeMs()).isEqualTo(END);
    assertThat(news.get(0).closedAtMs()).isEqualTo(END - 8 * DAY);
  }

  @Test
  void firstRun_tellsWhatIsOpenOrRecent() {
    Incident past = state("past", END - 30 * DAY, END - 30 * DAY, null);
    Incident pastOver = state("past", END - 30 * DAY, END - 29 * DAY, END - 29 * DAY);
    Incident lasting = state("lasting", END - 9 * DAY, END - 9 * DAY, null);
    Incident recent = state("recent", END - 9 * HOUR, END - 8 * HOUR, null);
    Incident recentOver = state("recent", END - 9 * HOUR, END - HOUR, END - HOUR);
    List<Incident> news =
        newsOnce(List.of(), List.of(past, pastOver, lasting, recent, recentOver), END);
    assertThat(news)
        .extracting(Incident::incidentId)
        .containsExactly("recent", "recent", "lasting");
    assertThat(news.get(2).eventTimeMs()).isEqualTo(END);
    assertThat(news.get(2).respondByMs()).isEqualTo(END + WITHIN.toMillis());
  }

  @Test
  void lateFindOfLongAgo_staysUntold() {
    Incident told = state("a", END - 2 * HOUR, END - HOUR, END - HOUR);
    Incident found = state("b", END - 6 * DAY, END - 5 * DAY, END - 5 * DAY);
    assertThat(newsOnce(List.of(told), List.of(found, told), END)).isEmpty();
  }
}
