package io.tidegate.analysis.alarm;

import static io.tidegate.analysis.alarm.AlarmWorld.HOUR_MS;
import static io.tidegate.analysis.alarm.AlarmWorld.START_MS;
import static io.tidegate.analysis.alarm.AlarmWorld.WEEK;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.MarkedPage;
import io.tidegate.analysis.alarm.AlarmWorld.Planted;
import io.tidegate.model.Incident;
import io.tidegate.stats.tail.Tails;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Weeks with season, growth, holidays and a drifting mix, and nothing else: no more incidents than
 * stated, over all series together. The full size is 24 worlds of 30 weeks; it writes its figures
 * into docs/alarms.md.
 */
class AlarmRateTest {

  private static final boolean FULL = Boolean.getBoolean("tidegate.full");
  private static final double NOISE = 0.02;
  private static final Duration EVERY = Duration.ofDays(56);

  private static List<Incident> find(long seed, int weeks, List<Planted> planted) {
    AlarmWorld world = new AlarmWorld(seed, weeks, NOISE, planted);
    AlarmSettings settings =
        new AlarmSettings(AlarmWorld.ZONE, world.holidays(), EVERY, "", Duration.ofHours(1));
    return IncidentFinder.find(world.hours(), START_MS, settings);
  }

  private static void write(String part, String figures) {
    MarkedPage.write(Path.of("docs/alarms.md"), part, figures + "\n");
  }

  @Test
  void nothingHappens_noMoreIncidentsThanStated() {
    int worlds = FULL ? 24 : 2;
    int weeks = FULL ? 30 : 20;
    long found = 0;
    for (int seed = 0; seed < worlds; seed++) {
      found += find(seed, weeks, List.of()).stream().map(Incident::incidentId).distinct().count();
    }
    int watched = weeks - 2;
    double stated = worlds * watched / 8.0;
    if (FULL) {
      write(
          "quiet",
          "%,d worlds of %d weeks with nothing planted: %d incidents in the %d weeks that can alarm; one in eight weeks would be %.0f."
              .formatted(worlds, weeks, found, worlds * watched, stated));
    }
    // As many as a Poisson number of the stated mean has at most, 99 times of 100.
    assertThat((double) found)
        .isLessThanOrEqualTo(stated + Tails.normalUpperQuantile(0.01) * Math.sqrt(stated));
  }

  @Test
  void shiftOfATenthInOneSegment_isFoundAndNamed() {
    int worlds = FULL ? 20 : 3;
    int at = (FULL ? 20 : 14) * WEEK + 10;
    List<Long> delays = new ArrayList<>();
    int named = 0;
    for (int seed = 0; seed < worlds; seed++) {
      Planted shift =
          new Planted("session_start", "device", "mobile", at, Integer.MAX_VALUE, 0.9, false);
      List<Incident> about =
          find(200 + seed, at / WEEK + 3, List.of(shift)).stream()
              .filter(i -> i.metrics().contains("session_start"))
              .filter(i -> i.eventTimeMs() > START_MS + at * HOUR_MS)
              .toList();
      if (!about.isEmpty()) {
        delays.add((about.get(0).eventTimeMs() - START_MS) / HOUR_MS - at);
        named +=
            about.stream().anyMatch(i -> i.commonCause().equals(Map.of("device", "mobile")))
                ? 1
                : 0;
      }
    }
    delays.sort(null);
    if (FULL) {
      write(
          "shift",
          "Session starts on mobile 10 %% down in week 21 of %d worlds: found in %d, after %d to %d hours, half of them within %d; the cause named in %d."
              .formatted(
                  worlds,
                  delays.size(),
                  delays.get(0),
                  delays.get(delays.size() - 1),
                  delays.get(delays.size() / 2),
                  named));
    }
    assertThat(delays.size()).isGreaterThanOrEqualTo(FULL ? 16 : 2);
    assertThat(named).isGreaterThanOrEqualTo(FULL ? 14 : 1);
  }
}
