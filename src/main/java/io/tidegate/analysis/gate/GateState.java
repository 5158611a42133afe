package io.tidegate.analysis.gate;

import io.tidegate.analysis.attribution.CellBatch;
import io.tidegate.model.Verdict;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All that the gate keeps of a rollout between boundaries: the sums, and what an attempt has
 * already shown. Mutable.
 */
public final class GateState {

  private static final int VERSION = 4;

  /** Kept since when a verdict stood, but not which of its reasons; nothing of how records came. */
  private static final int VERSION_3 = 3;

  /** Stands in state of version 3 for whatever reasons its verdict had. */
  private static final String ANY = "";

  /** What a metric's tests were tuned to when they began; frozen. */
  record Frozen(double mean, double variance, boolean label) {}

  CellSums sums = new CellSums();
  HourlyFlow flow = new HourlyFlow();
  Arrivals arrivals = new Arrivals();
  long lastBoundaryMs = Long.MIN_VALUE;
  int attempt;

  /** Largest log e-value of each test whose null stays the same. */
  final Map<String, Double> shown = new TreeMap<>();

  final Map<Integer, Frozen> frozen = new TreeMap<>();
  boolean rolledBack;

  /** Harm tests that have reached their level. */
  final Set<String> fired = new TreeSet<>();

  /** Log e-value of each harm test that a person has overridden; only what comes on top counts. */
  final Map<String, Double> answered = new TreeMap<>();

  /** Event id of the newest override that was taken. */
  String overrideId = "";

  long shockSinceMs = Long.MIN_VALUE;
  String lastVerdict = "";
  String lastCodes = "";

  /** What the verdict that stands has asked a person about, and since which boundary. */
  final Map<String, Long> askedSinceMs = new TreeMap<>();

  /** Adds the sums of a batch. */
  public void add(byte[] batch) {
    CellBatch.read(batch, sums::add);
  }

  /** What the verdict that stands has asked about by name. */
  Set<String> asked() {
    Set<String> asked = new TreeSet<>(askedSinceMs.keySet());
    asked.remove(ANY);
    return asked;
  }

  /** Takes a fact about how records arrive. */
  public void arrived(byte[] fact) {
    arrivals.add(fact);
  }

  /** The newest boundary that was evaluated; {@link Long#MIN_VALUE} before the first. */
  public long lastBoundaryMs() {
    return lastBoundaryMs;
  }

  /** Forgets what earlier attempts have shown. */
  void begin(int newAttempt) {
    if (newAttempt != attempt) {
      attempt = newAttempt;
      shown.clear();
      frozen.clear();
      rolledBack = false;
      fired.clear();
      answered.clear();
      overrideId = "";
      shockSinceMs = Long.MIN_VALUE;
      lastVerdict = "";
      lastCodes = "";
      askedSinceMs.clear();
    }
  }

  /** The largest log e-value of a test so far, this one included. */
  double running(String test, double logE) {
    return shown.merge(test, logE, StrictMath::max);
  }

  /**
   * The largest log e-value of a harm test so far, this one included, less what a person has
   * answered: E at a later time over E at the override is an e-value of what came since. A test
   * that has reached its level without a rollback did so in doubt: what it shows now counts alone.
   */
  double harm(String test, double logE, double needed) {
    if (!rolledBack && fired.remove(test)) {
      shown.remove(test);
    }
    double most = running(test, logE - answered.getOrDefault(test, 0.0));
    if (most >= needed) {
      fired.add(test);
    }
    return most;
  }

  /** Takes an override once: ROLLBACK latches, any other verdict answers the harm shown so far. */
  void override(Verdict verdict, String eventId) {
    if (eventId.equals(overrideId)) {
      return;
    }
    overrideId = eventId;
    rolledBack = verdict == Verdict.ROLLBACK;
    if (!rolledBack) {
      for (String test : fired) {
        answered.merge(test, shown.getOrDefault(test, 0.0), Double::sum);
        shown.remove(test);
      }
      fired.clear();
    }
  }

  /**
   * Takes the verdict of a boundary and what it asks a person about; another verdict asks anew, and
   * so does what went away and comes back.
   *
   * @return what it asks about → boundary since which it does
   */
  Map<String, Long> standing(Verdict verdict, Set<String> asks, long boundaryMs) {
    if (!verdict.name().equals(lastVerdict)) {
      lastVerdict = verdict.name();
      askedSinceMs.clear();
    }
    Long before = askedSinceMs.remove(ANY);
    long sinceMs = before == null ? boundaryMs : before;
    Map<String, Long> standing = new TreeMap<>();
    for (String ask : asks) {
      askedSinceMs.putIfAbsent(ask, sinceMs);
      standing.put(ask, askedSinceMs.get(ask));
    }
    askedSinceMs.keySet().retainAll(asks);
    return standing;
  }

  /** A separate state with the same content. */
  public GateState copy() {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      writeTo(new DataOutputStream(bytes));
      return readFrom(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void writeTo(DataOutput out) throws IOException {
    out.writeByte(VERSION);
    sums.writeTo(out);
    out.writeLong(lastBoundaryMs);
    out.writeInt(attempt);
    out.writeInt(shown.size());
    for (Map.Entry<String, Double> test : shown.entrySet()) {
      out.writeUTF(test.getKey());
      out.writeDouble(test.getValue());
    }
    out.writeInt(frozen.size());
    for (Map.Entry<Integer, Frozen> metric : frozen.entrySet()) {
      out.writeInt(metric.getKey());
      out.writeDouble(metric.getValue().mean());
      out.writeDouble(metric.getValue().variance());
      out.writeBoolean(metric.getValue().label());
    }
    out.writeBoolean(rolledBack);
    out.writeInt(fired.size());
    for (String test : fired) {
      out.writeUTF(test);
    }
    out.writeInt(answered.size());
    for (Map.Entry<String, Double> test : answered.entrySet()) {
      out.writeUTF(test.getKey());
      out.writeDouble(test.getValue());
    }
    out.writeUTF(overrideId);
    out.writeLong(shockSinceMs);
    out.writeUTF(lastVerdict);
    out.writeUTF(lastCodes);
    out.writeInt(askedSinceMs.size());
    for (Map.Entry<String, Long> ask : askedSinceMs.entrySet()) {
      out.writeUTF(ask.getKey());
      out.writeLong(ask.getValue());
    }
    flow.writeTo(out);
    arrivals.writeTo(out);
  }

  public static GateState readFrom(DataInput in) throws IOException {
    int version = in.readByte();
    if (version != VERSION && version != VERSION_3) {
      throw new IOException(
          "gate state of version "
              + version
              + "; this build reads versions "
              + VERSION_3
              + " and "
              + VERSION);
    }
    GateState state = new GateState();
    state.sums = CellSums.readFrom(in);
    state.lastBoundaryMs = in.readLong();
    state.attempt = in.readInt();
    int tests = in.readInt();
    for (int i = 0; i < tests; i++) {
      String test = in.readUTF();
      state.shown.put(test, in.readDouble());
    }
    int metrics = in.readInt();
    for (int i = 0; i < metrics; i++) {
      int metric = in.readInt();
      state.frozen.put(metric, new Frozen(in.readDouble(), in.readDouble(), in.readBoolean()));
    }
    state.rolledBack = in.readBoolean();
    int harms = in.readInt();
    for (int i = 0; i < harms; i++) {
      state.fired.add(in.readUTF());
    }
    int answers = in.readInt();
    for (int i = 0; i < answers; i++) {
      String test = in.readUTF();
      state.answered.put(test, in.readDouble());
    }
    state.overrideId = in.readUTF();
    state.shockSinceMs = in.readLong();
    state.lastVerdict = in.readUTF();
    state.lastCodes = in.readUTF();
    int asks = version == VERSION_3 ? 1 : in.readInt();
    for (int i = 0; i < asks; i++) {
      String ask = version == VERSION_3 ? ANY : in.readUTF();
      state.askedSinceMs.put(ask, in.readLong());
    }
    state.flow = HourlyFlow.readFrom(in);
    state.arrivals = version == VERSION_3 ? new Arrivals() : Arrivals.readFrom(in);
    return state;
  }
}
