package io.tidegate.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LiveLinesTest {

  private final Set<String> unreadable = new HashSet<>(Set.of("b"));
  private final LiveLines lines =
      new LiveLines(
          id -> {
            if (unreadable.contains(id)) {
              throw new IllegalStateException(id);
            }
            return id.equals("none") ? null : JsonNodeFactory.instance.objectNode().put("is", id);
          });

  @Test
  void rollout_that_cannot_be_rendered_says_so_and_takes_no_other_with_it() {
    assertThat(lines.renew(List.of("a", "b", "c", "none"))).containsOnlyKeys("a", "b", "c");
    assertThat(lines.all().get("c")).isEqualTo("{\"is\":\"c\"}");
    assertThat(lines.all().get("b")).contains("cannot be shown", "\"stale\":true");
    assertThat(lines.broken()).containsExactly("b");
    unreadable.clear();
    assertThat(lines.renew(lines.broken())).containsEntry("b", "{\"is\":\"b\"}");
    assertThat(lines.broken()).isEmpty();
  }
}
