package io.tidegate.operator;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.UnitState;
import io.tidegate.analysis.baseline.HistoryEvent;
import io.tidegate.analysis.gate.GateState;
import java.util.Objects;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * Type of a stream or state whose serializer is written by hand.
 *
 * @param <T> the type
 */
public final class DataTypeInfo<T> extends TypeInformation<T> {

  public static final TypeInformation<Point> POINT =
      new DataTypeInfo<>(Point.class, PointSerializer.INSTANCE);

  public static final TypeInformation<UnitState> UNIT_STATE =
      new DataTypeInfo<>(UnitState.class, UnitStateSerializer.INSTANCE);

  public static final TypeInformation<GateState> GATE_STATE =
      new DataTypeInfo<>(GateState.class, GateStateSerializer.INSTANCE);

  public static final TypeInformation<HistoryEvent> HISTORY_EVENT =
      new DataTypeInfo<>(HistoryEvent.class, HistoryEventSerializer.INSTANCE);

  private static final long serialVersionUID = 1L;

  private final Class<T> type;
  private final DataSerializer<T> serializer;

  private DataTypeInfo(Class<T> type, DataSerializer<T> serializer) {
    this.type = type;
    this.serializer = serializer;
  }

  @Override
  public boolean isBasicType() {
    return false;
  }

  @Override
  public boolean isTupleType() {
    return false;
  }

  @Override
  public int getArity() {
    return 1;
  }

  @Override
  public int getTotalFields() {
    return 1;
  }

  @Override
  public Class<T> getTypeClass() {
    return type;
  }

  @Override
  public boolean isKeyType() {
    return false;
  }

  @Override
  public TypeSerializer<T> createSerializer(SerializerConfig config) {
    return serializer;
  }

  @Override
  public String toString() {
    return "DataTypeInfo<" + type.getSimpleName() + ">";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DataTypeInfo<?> info && info.type == type;
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(type);
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof DataTypeInfo;
  }
}
