package io.tidegate.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ArchivedOffsetsTest {

  @Test
  void any_order_of_adding_agrees_with_a_plain_count() {
    SplittableRandom random = new SplittableRandom(1);
    for (int run = 0; run < 300; run++) {
      ArchivedOffsets offsets = new ArchivedOffsets();
      Map<Long, Integer> plain = new HashMap<>();
      for (int i = 0; i < 40; i++) {
        long offset = random.nextInt(50);
        offsets.add("a-b", 2, offset);
        plain.merge(offset, 1, Integer::sum);
      }
      for (long offset = -1; offset < 52; offset++) {
        assertThat(offsets.contains("a-b", 2, offset)).isEqualTo(plain.containsKey(offset));
      }
      assertThat(offsets.count("a-b", 2, 10, 30))
          .isEqualTo(plain.keySet().stream().filter(o -> o >= 10 && o < 30).count());
      assertThat(offsets.repeated("a-b", 2)).isEqualTo(40L - plain.size());
      long missing = 5;
      while (plain.containsKey(missing)) {
        missing++;
      }
      assertThat(offsets.firstMissing("a-b", 2, 5)).isEqualTo(missing);
      ArchivedOffsets twice = new ArchivedOffsets();
      twice.addAll(offsets);
      twice.addAll(offsets);
      assertThat(twice.repeated("a-b", 2)).isEqualTo(80L - plain.size());
    }
  }

  @Test
  void unknown_partition_holds_nothing() {
    ArchivedOffsets offsets = new ArchivedOffsets();
    assertThat(offsets.contains("a", 0, 0)).isFalse();
    assertThat(offsets.firstMissing("a", 0, 7)).isEqualTo(7);
    assertThat(offsets.count("a", 0, 0, 10)).isZero();
    assertThat(offsets.end("a", 0)).isZero();
  }

  @Test
  void a_part_of_the_offsets_can_be_had() {
    ArchivedOffsets all = new ArchivedOffsets();
    for (long offset : new long[] {1, 2, 3, 4, 7, 9}) {
      all.add("a-b", 0, offset);
    }
    all.add("a", 0, 5);
    assertThat(all.without(Set.of("a-b")).contains("a-b", 0, 1)).isFalse();
    assertThat(all.without(Set.of("a-b")).contains("a", 0, 5)).isTrue();
    assertThat(all.without(Set.of("a")).count("a-b", 0, 0, 10)).isEqualTo(6);

    ArchivedOffsets tail = new ArchivedOffsets();
    tail.addFrom(all, "a-b", 0, 3);
    tail.addFrom(all, "a", 1, 0);
    assertThat(tail.contains("a-b", 0, 2)).isFalse();
    assertThat(tail.firstMissing("a-b", 0, 3)).isEqualTo(5);
    assertThat(tail.count("a-b", 0, 0, 10)).isEqualTo(4);
    assertThat(tail.contains("a", 0, 5)).isFalse();
  }
}
