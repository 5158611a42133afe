package io.tidegate.analysis.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.model.Exposure;
import io.tidegate.model.Outcome;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PointsTest {

  @Test
  void attributes_giveOneHashInAnyOrder() {
    Map<String, String> one = new LinkedHashMap<>();
    one.put("country", "DE");
    one.put("device", "mobile");
    Map<String, String> other = new LinkedHashMap<>();
    other.put("device", "mobile");
    other.put("country", "DE");
    Point a = Points.of(new Exposure("e", 5, "u", "flag", "on", "", "", one));
    Point b = Points.of(new Exposure("e", 5, "u", "flag", "on", "", "", other));
    assertThat(a.contentHash).isEqualTo(b.contentHash);
    assertThat(a.attribute("device")).isEqualTo("mobile");
    assertThat(a.attribute("plan")).isEmpty();
  }

  @Test
  void content_tellsValuesAndAbsenceApart() {
    Set<Integer> hashes = new HashSet<>();
    hashes.add(Points.of(new Outcome("e", 5, "u", "buy", 0, false, Map.of())).contentHash);
    hashes.add(Points.of(new Outcome("e", 5, "u", "buy", 0, true, Map.of())).contentHash);
    hashes.add(Points.of(new Outcome("e", 5, "u", "buy", 1, true, Map.of())).contentHash);
    hashes.add(Points.of(new Outcome("e", 5, "u", "buy", 1, true, Map.of("a", "b"))).contentHash);
    hashes.add(Points.of(new Outcome("e", 5, "u", "buy", 1, true, Map.of("ab", ""))).contentHash);
    assertThat(hashes).hasSize(5);
  }

  @Test
  void ids_ofTheTwoStreamsDiffer() {
    Point exposure = Points.of(new Exposure("e", 5, "u", "flag", "on", "", "", Map.of()));
    Point outcome = Points.of(new Outcome("e", 5, "u", "buy", 0, false, Map.of()));
    assertThat(exposure.unitKey).isEqualTo(outcome.unitKey);
    assertThat(exposure.idHash).isNotEqualTo(outcome.idHash);
  }

  @Test
  void unitKeys_rarelyMeet() {
    Set<Long> keys = new HashSet<>();
    for (int i = 0; i < 200_000; i++) {
      keys.add(Points.unitKey(Integer.toHexString(i * 0x9E3779B9) + i));
    }
    assertThat(keys).hasSize(200_000);
  }
}
