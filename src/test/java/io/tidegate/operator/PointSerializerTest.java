package io.tidegate.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.attribution.Point;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class PointSerializerTest {

  @Test
  void an_event_with_as_many_attributes_as_a_decoder_lets_pass_comes_through() throws IOException {
    Point point = new Point();
    point.name = "purchase";
    point.attributes = new String[2 * 64];
    for (int i = 0; i < point.attributes.length; i++) {
      point.attributes[i] = "é" + i;
    }
    DataOutputSerializer out = new DataOutputSerializer(64);
    PointSerializer.INSTANCE.serialize(point, out);
    Point read =
        PointSerializer.INSTANCE.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
    assertThat(read).usingRecursiveComparison().isEqualTo(point);
  }

  @Test
  void bytes_are_copied_one_event_at_a_time() throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    DataOutputSerializer copies = new DataOutputSerializer(64);
    for (int i = 0; i < 3; i++) {
      Point point = new Point();
      point.unitKey = -i;
      point.timeMs = 1_700_000_000_000L + i;
      point.exposure = i == 1;
      point.name = "é".repeat(100 * i);
      point.variant = "on";
      point.valueMicros = Long.MIN_VALUE + i;
      point.attributes = new String[] {"device", "mobile"};
      point.contentHash = Integer.MAX_VALUE - i;
      point.arrivalMs = 7;
      PointSerializer.INSTANCE.serialize(point, out);
    }
    DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
    for (int i = 0; i < 3; i++) {
      PointSerializer.INSTANCE.copy(in, copies);
    }
    assertThat(in.available()).isZero();
    assertThat(copies.getCopyOfBuffer()).isEqualTo(out.getCopyOfBuffer());
  }
}
