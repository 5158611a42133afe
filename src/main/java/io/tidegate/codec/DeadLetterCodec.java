package io.tidegate.codec;

import io.tidegate.model.DeadLetter;
import java.util.Locale;

/** Writes dead letters as JSON. Not thread-safe. */
public final class DeadLetterCodec {

  private final JsonBytes json = new JsonBytes();

  public byte[] encode(DeadLetter letter) {
    json.reset();
    return json.field("{\"topic\":", letter.topic())
        .field(",\"partition\":", letter.partition())
        .field(",\"offset\":", letter.offset())
        .field(",\"record_time\":", letter.recordTimeMs())
        .field(",\"reason\":", letter.reason().name())
        .field(",\"detail\":", letter.detail())
        .field(",\"payload\":", letter.payload())
        .raw("}")
        .toBytes();
  }

  /** Key of the message: where the record was, so that a repeated letter is seen as one. */
  public static String key(DeadLetter letter) {
    return String.format(
        Locale.ROOT, "%s-%d-%d", letter.topic(), letter.partition(), letter.offset());
  }
}
