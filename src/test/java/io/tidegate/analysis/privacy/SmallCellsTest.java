package io.tidegate.analysis.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SmallCellsTest {

  private final SmallCells fifty = new SmallCells(50);

  @Test
  void hidden_nothingSmall_hidesNothing() {
    assertThat(fifty.hidden(Map.of("DE", 50L, "FR", 900L))).isEmpty();
  }

  @Test
  void hidden_oneSmall_hidesTheNextSmallestToo() {
    assertThat(fifty.hidden(Map.of("DE", 900L, "FR", 49L, "US", 300L)))
        .isEqualTo(Set.of("FR", "US"));
  }

  @Test
  void hidden_twoSmallBelowTheLeastTogether_hidesAThird() {
    assertThat(fifty.hidden(Map.of("a", 10L, "b", 20L, "c", 70L, "d", 80L)))
        .isEqualTo(Set.of("a", "b", "c"));
  }

  @Test
  void hidden_twoSmallReachingTheLeastTogether_hidesOnlyThem() {
    assertThat(fifty.hidden(Map.of("a", 30L, "b", 40L, "c", 70L))).isEqualTo(Set.of("a", "b"));
  }

  @Test
  void hidden_emptySegment_isNoCover() {
    assertThat(fifty.hidden(Map.of("a", 0L, "b", 5L, "c", 70L))).isEqualTo(Set.of("b", "c"));
  }

  @Test
  void hidden_anyCells_neverLeavesOneHiddenAloneOrTooFewTogether() {
    Random random = new Random(7);
    for (int round = 0; round < 2_000; round++) {
      Map<String, Long> cells = new TreeMap<>();
      for (int i = 0; i < 1 + random.nextInt(7); i++) {
        cells.put("s" + i, (long) random.nextInt(200));
      }
      Set<String> hidden = fifty.hidden(cells);
      long filled = cells.values().stream().filter(n -> n > 0).count();
      assertThat(cells)
          .allSatisfy(
              (segment, n) -> {
                if (n > 0 && n < 50) {
                  assertThat(hidden).contains(segment);
                }
              });
      if (!hidden.isEmpty() && hidden.size() < filled) {
        assertThat(hidden.size()).isGreaterThanOrEqualTo(2);
        assertThat(hidden.stream().mapToLong(s -> cells.getOrDefault(s, 0L)).sum())
            .isGreaterThanOrEqualTo(50);
      }
    }
  }

  @Test
  void smaller_oneVariantWithoutUnits_isSmallAndNotEmpty() {
    assertThat(SmallCells.smaller(0, 0)).isZero();
    assertThat(SmallCells.smaller(0, 3)).isEqualTo(1);
    assertThat(SmallCells.smaller(7, 3)).isEqualTo(3);
  }

  @Test
  void mayReplace_fewMoreUnits_no() {
    assertThat(fifty.mayReplace(100, 100, 100, 149)).isFalse();
    assertThat(fifty.mayReplace(100, 100, 101, 200)).isFalse();
    assertThat(fifty.mayReplace(100, 100, 99, 200)).isFalse();
  }

  @Test
  void mayReplace_sameOrManyMoreUnits_yes() {
    assertThat(fifty.mayReplace(100, 100, 100, 100)).isTrue();
    assertThat(fifty.mayReplace(100, 100, 150, 160)).isTrue();
  }

  @Test
  void smallCells_negativeLeast_isRefused() {
    assertThatThrownBy(() -> new SmallCells(-1)).hasMessage("minUnits must be ≥ 0, not -1");
  }
}
