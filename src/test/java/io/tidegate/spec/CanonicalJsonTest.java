package io.tidegate.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.model.Margin;
import io.tidegate.model.Resolved;
import io.tidegate.model.Seasonal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {

  @Test
  void keys_are_sorted_and_numbers_shortest() throws Exception {
    String json = "{\"b\": [1.0, 0.10, 1e-7, {}, []], \"a\": {\"z\": null, \"é\": \"\\u0007\"}}";
    assertThat(CanonicalJson.write(new ObjectMapper().readTree(json)))
        .isEqualTo("{\"a\":{\"z\":null,\"é\":\"\\u0007\"},\"b\":[1,0.1,0.0000001,{},[]]}");
  }

  @Test
  void shortest_number_reads_back_as_the_same_double() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 2_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value)) {
        assertThat(Double.parseDouble(CanonicalJson.shortest(value))).isEqualTo(value);
      }
    }
    assertThat(CanonicalJson.shortest(-0.0)).isEqualTo("0");
    assertThat(CanonicalJson.shortest(0.05)).isEqualTo("0.05");
    assertThat(CanonicalJson.shortest(1e20)).isEqualTo("100000000000000000000");
  }

  @Test
  void hash_is_sha_256() {
    assertThat(CanonicalJson.hash("abc"))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  @Test
  void resolved_reads_back_as_the_same_quantities() {
    Resolved resolved =
        new Resolved(
            Long.MAX_VALUE,
            Map.of("plan", List.of("free", "pro")),
            Map.of(
                "latency",
                new Resolved.MetricBase(0.05, 0.12345678901234568, 0.3, Map.of("all=*", 512.5))),
            List.of(
                new Resolved.StagePlan(
                    "canary", 1234.5, Map.of("latency", new Margin(0.5, 0.001)))),
            new Seasonal(
                "Europe/Berlin",
                6.5,
                Collections.nCopies(168, 12.5),
                Map.of("device", Map.of("mobile", 0.6, "(other)", 0.4)),
                Map.of(
                    "latency",
                    new Seasonal.Profile(
                        Collections.nCopies(168, 0.0512),
                        0.05,
                        0.01,
                        Map.of("device=tv", 0.07),
                        "any outcome")),
                Map.of("request", new Seasonal.Volume(Collections.nCopies(168, 1234.0), 0.02)),
                List.of(20_454L, 20_455L)));
    assertThat(ResolvedJson.read("test", ResolvedJson.write(resolved))).isEqualTo(resolved);
    assertThat(ResolvedJson.read("test", ResolvedJson.write(Resolved.NONE)))
        .isEqualTo(Resolved.NONE);
  }
}
