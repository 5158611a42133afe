package io.tidegate.codec;

import io.tidegate.InnerLoop;
import io.tidegate.model.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/**
 * Reading 65,536 outcomes of units drawn from a million, and their pseudonyms alone beside the
 * library's HMAC.
 */
public class DecodeBenchmark extends InnerLoop {

  private static final int RECORDS = 1 << 16;
  private static final long TIME_MS = 1_767_225_600_000L;
  private static final byte[] KEY = new byte[Pseudonymiser.MIN_KEY_BYTES];

  private final byte[][] records = new byte[RECORDS][];
  private final byte[][] units = new byte[RECORDS][];
  private final Pseudonymiser pseudonymiser = new Pseudonymiser(KEY);
  private final EventDecoder decoder = new EventDecoder(DecodeLimits.DEFAULT, pseudonymiser);
  private Mac mac;
  private int at;

  /** Writes outcomes with five attributes. */
  @Setup
  public void fill() throws Exception {
    Random random = new Random(1);
    for (int i = 0; i < RECORDS; i++) {
      String unit = "user-" + random.nextInt(1_000_000);
      units[i] = unit.getBytes(StandardCharsets.UTF_8);
      records[i] =
          """
          {"event_id":"e-%d","event_time":%d,"unit_id":"%s","name":"request","value":%d,\
          "attributes":{"latency_ms":%d.%d,"country":"DE","device":"ios","plan":"free","status":"ok"}}"""
              .formatted(
                  i,
                  TIME_MS + i,
                  unit,
                  random.nextInt(500),
                  random.nextInt(1000),
                  random.nextInt(10))
              .getBytes(StandardCharsets.UTF_8);
    }
    mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
  }

  private int next() {
    at = (at + 1) & (RECORDS - 1);
    return at;
  }

  /** One record to an outcome with its unit's pseudonym. */
  @Benchmark
  public Decoded<Outcome> decodeOutcome() {
    return decoder.outcome(records[next()], TIME_MS);
  }

  /** One unit's pseudonym. */
  @Benchmark
  public String pseudonym() {
    byte[] unit = units[next()];
    return pseudonymiser.pseudonym(unit, 0, unit.length);
  }

  /** The same by {@link Mac}. */
  @Benchmark
  public String pseudonymByMac() {
    mac.update(units[next()]);
    return HexFormat.of().formatHex(mac.doFinal(), 0, 16);
  }
}
