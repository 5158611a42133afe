package io.tidegate.analysis.attribution;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * How the records of one source arrived within a minute: facts about the way, not about units. A
 * source is a flag or an outcome, and its producer where its events name one. Without a name it is
 * of all records of the stream, whatever their source, those among them that could not be used.
 *
 * @param minuteMs start of the minute of the records' own timestamps
 * @param exposures whether they came on the stream of exposures
 * @param name flag or outcome; empty of all records together
 * @param producer as the events name it; empty where they do not
 * @param ahead records whose event time is more than {@link #AHEAD_MS} after their timestamp
 * @param leastLagMs smallest time from event to record, negative where the event came first; {@link
 *     Long#MAX_VALUE} without records
 */
public record ArrivalFact(
    long minuteMs,
    boolean exposures,
    String name,
    String producer,
    long records,
    long dead,
    long ahead,
    long leastLagMs) {

  public static final long MINUTE_MS = 60_000L;

  /** Producer that stands for those that are not told apart. */
  public static final String OTHERS = "(other)";

  /** Numbers that its point carries in place of attributes, which come in pairs. */
  static final int COUNTS = 3;

  /** By how much an event may be ahead of its record before its producer's clock is doubted. */
  public static final long AHEAD_MS = MINUTE_MS;

  /** Last instant of the minute. */
  public long lastMs() {
    return minuteMs + MINUTE_MS - 1;
  }

  /** Two facts about the same source together; the minute is this one's. */
  public ArrivalFact plus(ArrivalFact other) {
    return new ArrivalFact(
        minuteMs,
        exposures,
        name,
        producer,
        records + other.records,
        dead + other.dead,
        ahead + other.ahead,
        Math.min(leastLagMs, other.leastLagMs));
  }

  /** What it says of all records, which have no source and no lag. */
  ArrivalFact ofAll() {
    return new ArrivalFact(minuteMs, exposures, "", "", records, dead, 0, Long.MAX_VALUE);
  }

  /** The same of a producer that is not told apart. */
  public ArrivalFact ofOthers() {
    return new ArrivalFact(minuteMs, exposures, name, OTHERS, records, dead, ahead, leastLagMs);
  }

  /** What it is about, for a person. */
  public String source() {
    return (exposures ? "flag " : "outcome ")
        + name
        + (producer.isEmpty() ? "" : " of " + producer);
  }

  /**
   * As a point of no unit, which waits for its time as events do; {@link Point#isFact} tells it
   * from them.
   */
  public Point toPoint() {
    Point point = new Point();
    point.unitKey = Points.unitKey(name);
    point.timeMs = lastMs();
    point.exposure = exposures;
    point.variant = name;
    point.flagVersion = producer;
    point.valueMicros = leastLagMs;
    point.attributes =
        new String[] {Long.toString(records), Long.toString(dead), Long.toString(ahead)};
    return point;
  }

  /** What {@link #toPoint} made of one. */
  public static ArrivalFact of(Point point) {
    return new ArrivalFact(
        point.timeMs - MINUTE_MS + 1,
        point.exposure,
        point.variant,
        point.flagVersion,
        Long.parseLong(point.attributes[0]),
        Long.parseLong(point.attributes[1]),
        Long.parseLong(point.attributes[2]),
        point.valueMicros);
  }

  public void writeTo(DataOutput out) throws IOException {
    PointCodec.write(toPoint(), out);
  }

  public static ArrivalFact readFrom(DataInput in) throws IOException {
    return of(PointCodec.read(in));
  }
}
