package io.tidegate.operator;

import io.tidegate.analysis.attribution.CellBatch;
import io.tidegate.analysis.attribution.Ledger;
import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.UnitState;
import io.tidegate.analysis.gate.Gate;
import io.tidegate.analysis.gate.GateState;
import io.tidegate.analysis.timeline.Sequencer;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.ControlEvent;
import io.tidegate.model.Evaluation;
import io.tidegate.model.RolloutEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * The gate's graph without Flink: sources, routers, units over shards, the gate, joined by queues
 * that a seeded scheduler empties in any order. Now and then everything in flight arrives and is
 * written as a checkpoint with the real serializers; now and then it fails, and starts again from
 * the newest one with another parallelism and other speeds.
 */
final class SimulatedJob {

  private static final TypeSerializer<Point> POINT = serializer(DataTypeInfo.POINT);
  private static final TypeSerializer<UnitState> UNIT = serializer(DataTypeInfo.UNIT_STATE);
  private static final TypeSerializer<GateState> GATE = serializer(DataTypeInfo.GATE_STATE);

  private final SimulatedWorld world;
  private final Planted planted;
  private final Random random;
  private final List<Link> links = new ArrayList<>();
  private final List<Router> routers = new ArrayList<>();
  private final List<Shard> shards = new ArrayList<>();
  private final Source[] sources;
  private Controls controls;
  private Judging judging;
  private SimulatedResult result = new SimulatedResult();
  private Checkpoint newest;
  private int failures;

  private SimulatedJob(SimulatedWorld world, Planted planted) {
    this.world = world;
    this.planted = planted;
    this.random = new Random(~world.seed);
    this.sources = new Source[world.partitions.size()];
    this.controls = new Controls();
    this.judging = new Judging();
    this.newest = new Checkpoint();
    restore();
  }

  static SimulatedResult run(SimulatedWorld world, Planted planted) {
    try {
      return new SimulatedJob(world, planted).run();
    } catch (RuntimeException e) {
      throw new IllegalStateException(world.describe() + ": " + e.getMessage(), e);
    }
  }

  private SimulatedResult run() {
    int most = random.nextInt(4);
    while (step(false)) {
      if (random.nextInt(400) == 0) {
        checkpoint();
      }
      if (failures < most && random.nextInt(600) == 0) {
        failures++;
        restore();
      }
    }
    arrive();
    return result;
  }

  /** Something that time passes: a record, a rollout event, a watermark, sums. */
  private record Mark(long timeMs) {}

  private record Cells(String rolloutId, byte[] cells) {}

  /** A queue between two tasks. */
  private final class Link {
    private final ArrayDeque<Object> queue = new ArrayDeque<>();
    private final Task to;
    private final double speed = random.nextDouble() + 0.02;
    private long watermarkMs = Long.MIN_VALUE;

    Link(Task to) {
      this.to = to;
      to.inputs.add(this);
      links.add(this);
    }

    void send(Object message) {
      queue.add(message);
    }

    void deliver() {
      Object message = queue.remove();
      if (message instanceof Mark mark) {
        watermarkMs = mark.timeMs();
        to.advance();
      } else {
        to.take(message);
      }
    }
  }

  /** Reads one partition; its watermark is the newest time less the bound. */
  private final class Source {
    private final List<Point> log;
    private final double speed = random.nextDouble() + 0.02;
    private int position;
    private long watermarkMs = Long.MIN_VALUE;
    private long newestMs = Long.MIN_VALUE;

    Source(List<Point> log, int position) {
      this.log = log;
      this.position = position;
      if (ended()) {
        watermarkMs = Long.MAX_VALUE;
      }
    }

    boolean ended() {
      return position >= log.size();
    }

    void read(Router router) {
      Point point = log.get(position++).copy();
      router.take(point);
      newestMs = Math.max(newestMs, point.timeMs);
      if (random.nextInt(4) == 0) {
        watermarkMs = newestMs - world.boundMs - 1;
      }
      if (ended()) {
        watermarkMs = Long.MAX_VALUE;
      }
      router.advance();
    }
  }

  /** The one partition of rollout events, as {@link ControlSequencer} reads it. */
  private final class Controls {
    private final List<Link> outs = new ArrayList<>();
    private final double speed = random.nextDouble() + 0.02;
    private Sequencer sequencer = new Sequencer();
    private int position;

    boolean ended() {
      return position >= world.rollouts.size();
    }

    void opened() {
      if (sequencer.frontierMs() != Long.MIN_VALUE) {
        outs.forEach(out -> out.send(new Mark(sequencer.frontierMs() - 1)));
      }
    }

    void read() {
      RolloutEvent event = world.rollouts.get(position++);
      ControlEvent control = sequencer.next(event);
      for (Link out : outs) {
        out.send(control);
        if (control.isTick()) {
          out.send(new Mark(sequencer.frontierMs() - 1));
        }
      }
    }
  }

  /** A parallel instance of an operator. */
  private abstract static class Task {
    final List<Link> inputs = new ArrayList<>();
    long watermarkMs = Long.MIN_VALUE;

    abstract void take(Object message);

    /** The watermark has moved on; the one before is still in the field. */
    abstract void passed(long nowMs);

    long incoming() {
      return inputs.stream().mapToLong(l -> l.watermarkMs).min().orElse(Long.MAX_VALUE);
    }

    final void advance() {
      long now = incoming();
      if (now > watermarkMs) {
        watermarkMs = now;
        passed(now);
      }
    }
  }

  /** As {@link EventRouter}. */
  private final class Router extends Task {
    private final RolloutDirectory directory = new RolloutDirectory(world.reader);
    private final List<Source> own = new ArrayList<>();
    private final List<Link> outs = new ArrayList<>();
    private final PriorityQueue<Point> waiting =
        new PriorityQueue<>(Comparator.comparingLong((Point p) -> p.timeMs));

    @Override
    long incoming() {
      long events = own.stream().mapToLong(s -> s.watermarkMs).min().orElse(Long.MAX_VALUE);
      return Math.min(events, super.incoming());
    }

    @Override
    void take(Object message) {
      if (message instanceof ControlEvent control) {
        directory.take(control);
        while (!waiting.isEmpty() && waiting.peek().timeMs < directory.frontierMs()) {
          route(waiting.remove());
        }
      } else if (((Point) message).timeMs < directory.frontierMs()) {
        route((Point) message);
      } else {
        waiting.add((Point) message);
      }
    }

    private void route(Point point) {
      if (directory.index().keep(point)) {
        outs.get(shardOf(point.unitKey)).send(read(POINT, bytes(POINT, point)));
      }
    }

    @Override
    void passed(long nowMs) {
      outs.forEach(out -> out.send(new Mark(nowMs)));
    }
  }

  private int shardOf(long unitKey) {
    return Math.floorMod(Long.hashCode(unitKey), shards.size());
  }

  /** As {@link UnitAttribution} with its {@link LocalCombine}. */
  private final class Shard extends Task {
    private final RolloutDirectory directory = new RolloutDirectory(world.reader);
    private final Map<Long, UnitState> units = new HashMap<>();
    private final List<Point> parked = new ArrayList<>();
    private final CellBatch batch = new CellBatch();
    private final Ledger ledger =
        new Ledger(SimulatedWorld.HORIZON_SLICES, planted.changes(batch::add, world, random));
    private final Link out;
    private final long restoredWatermarkMs;

    Shard(Link out, long restoredWatermarkMs) {
      this.out = out;
      this.restoredWatermarkMs = restoredWatermarkMs;
    }

    long closedMs() {
      return Math.max(watermarkMs, restoredWatermarkMs);
    }

    @Override
    void take(Object message) {
      if (message instanceof ControlEvent control) {
        control(control);
      } else if (((Point) message).timeMs >= directory.frontierMs()) {
        parked.add((Point) message);
      } else {
        count((Point) message);
      }
      if (random.nextInt(50) == 0) {
        flush(Long.MAX_VALUE);
      }
    }

    private void control(ControlEvent control) {
      long beforeMs = directory.frontierMs();
      directory.take(control);
      if (!control.isTick()) {
        flush(Long.MAX_VALUE);
        return;
      }
      List<Point> due = parked.stream().filter(p -> p.timeMs < directory.frontierMs()).toList();
      parked.removeAll(due);
      due.forEach(this::count);
      if (beforeMs != Long.MIN_VALUE && random.nextInt(8) == 0) {
        units.values().forEach(u -> ledger.close(u, directory.index(), closedMs()));
        units.values().removeIf(UnitState::isEmpty);
      }
    }

    private void count(Point arrived) {
      Point point = planted.arrives(arrived, world, random);
      if (point == null) {
        return;
      }
      UnitState unit = units.computeIfAbsent(point.unitKey, k -> new UnitState());
      result.fate(
          point.idHash, ledger.take(unit, point, directory.index(), closedMs(), closedMs()));
    }

    private void flush(long untilMs) {
      batch.drain(untilMs, (rollout, cells) -> out.send(new Cells(rollout, cells)));
    }

    @Override
    void passed(long nowMs) {
      if (nowMs >= batch.dueMs()) {
        flush(nowMs);
      }
      out.send(new Mark(nowMs));
    }
  }

  /** As {@link GateFunction}. */
  private final class Judging extends Task {
    private final Map<String, GateState> states = new TreeMap<>();
    private final Map<String, List<ControlEvent>> events = new TreeMap<>();
    private final Map<String, Timeline> timelines = new HashMap<>();

    @Override
    void take(Object message) {
      if (message instanceof ControlEvent control) {
        if (!control.isTick()) {
          events.computeIfAbsent(control.event().rolloutId(), id -> new ArrayList<>()).add(control);
          timelines.remove(control.event().rolloutId());
        }
      } else {
        Cells cells = (Cells) message;
        GateState state = states.computeIfAbsent(cells.rolloutId(), id -> new GateState());
        planted.sums(
            cells.cells(),
            sums -> {
              state.add(sums);
              result.sums(cells.rolloutId(), sums);
            },
            random);
      }
    }

    @Override
    void passed(long nowMs) {
      long untilMs = planted.due(nowMs, random);
      events.forEach(
          (rollout, known) -> {
            Timeline timeline =
                timelines.computeIfAbsent(rollout, id -> Timeline.of(id, known, world.reader));
            GateState state = states.computeIfAbsent(rollout, id -> new GateState());
            long next = timeline.nextBoundary(state.lastBoundaryMs());
            while (next <= untilMs && next < world.endMs) {
              Evaluation evaluation = Gate.evaluate(state, timeline, next);
              if (evaluation != null) {
                result.evaluated(evaluation);
              }
              next = timeline.nextBoundary(next);
            }
          });
    }
  }

  /** Lets one thing happen; false where nothing is left to happen. */
  private boolean step(boolean inFlightOnly) {
    List<Runnable> possible = new ArrayList<>();
    List<Double> speeds = new ArrayList<>();
    for (Link link : links) {
      if (!link.queue.isEmpty()) {
        possible.add(link::deliver);
        speeds.add(link.speed);
      }
    }
    if (!inFlightOnly) {
      for (int p = 0; p < sources.length; p++) {
        if (!sources[p].ended()) {
          Source source = sources[p];
          Router router = routers.get(p % routers.size());
          possible.add(() -> source.read(router));
          speeds.add(source.speed);
        }
      }
      if (!controls.ended()) {
        possible.add(controls::read);
        speeds.add(controls.speed);
      }
    }
    if (possible.isEmpty()) {
      return false;
    }
    double point = random.nextDouble() * speeds.stream().mapToDouble(s -> s).sum();
    int chosen = 0;
    while (chosen < possible.size() - 1 && (point -= speeds.get(chosen)) > 0) {
      chosen++;
    }
    possible.get(chosen).run();
    return true;
  }

  /** State as bytes; the empty one is where a job begins. */
  private static final class Checkpoint {
    private int[] positions = new int[0];
    private int controlPosition;
    private Sequencer sequencer = new Sequencer();
    private final List<ControlEvent> broadcast = new ArrayList<>();
    private final List<byte[]> waiting = new ArrayList<>();
    private final List<byte[]> parked = new ArrayList<>();
    private final Map<Long, byte[]> units = new TreeMap<>();
    private final Map<String, byte[]> gates = new TreeMap<>();
    private final Map<String, List<ControlEvent>> events = new TreeMap<>();
    private long watermarkMs = Long.MIN_VALUE;
    private SimulatedResult result = new SimulatedResult();
  }

  /** Everything in flight arrives, as barriers make it, then all state is written. */
  private void checkpoint() {
    arrive();
    Checkpoint c = new Checkpoint();
    c.positions = Arrays.stream(sources).mapToInt(s -> s.position).toArray();
    c.controlPosition = controls.position;
    c.sequencer = new Sequencer(controls.sequencer.frontierMs(), controls.sequencer.sequence());
    Sequencer again = new Sequencer();
    for (RolloutEvent event : world.rollouts.subList(0, controls.position)) {
      c.broadcast.add(again.next(event));
    }
    routers.forEach(r -> r.waiting.forEach(p -> c.waiting.add(bytes(POINT, p))));
    for (Shard shard : shards) {
      shard.units.forEach((key, unit) -> c.units.put(key, bytes(UNIT, unit)));
      shard.parked.forEach(p -> c.parked.add(bytes(POINT, p)));
      c.watermarkMs = Math.max(c.watermarkMs, shard.closedMs());
    }
    judging.states.forEach((rollout, state) -> c.gates.put(rollout, bytes(GATE, state)));
    judging.events.forEach((rollout, known) -> c.events.put(rollout, new ArrayList<>(known)));
    c.result = result.copy();
    newest = c;
  }

  private void arrive() {
    while (step(true)) {
      // Until every queue is empty.
    }
    shards.forEach(shard -> shard.flush(Long.MAX_VALUE));
    while (step(true)) {
      // Until the sums are at the gate.
    }
  }

  /** Starts from the newest checkpoint, with a parallelism of its own. */
  private void restore() {
    Checkpoint c = newest;
    links.clear();
    routers.clear();
    shards.clear();
    result = c.result.copy();
    controls = new Controls();
    controls.position = c.controlPosition;
    controls.sequencer = new Sequencer(c.sequencer.frontierMs(), c.sequencer.sequence());
    judging = new Judging();
    c.gates.forEach((rollout, state) -> judging.states.put(rollout, read(GATE, state)));
    c.events.forEach((rollout, known) -> judging.events.put(rollout, new ArrayList<>(known)));
    controls.outs.add(new Link(judging));
    int shardCount = 1 + random.nextInt(4);
    for (int s = 0; s < shardCount; s++) {
      Shard shard = new Shard(new Link(judging), c.watermarkMs);
      c.broadcast.forEach(shard.directory::take);
      controls.outs.add(new Link(shard));
      shards.add(shard);
    }
    c.units.forEach((key, unit) -> shards.get(shardOf(key)).units.put(key, read(UNIT, unit)));
    for (byte[] bytes : c.parked) {
      Point point = read(POINT, bytes);
      shards.get(shardOf(point.unitKey)).parked.add(point);
    }
    int routerCount = 1 + random.nextInt(3);
    for (int r = 0; r < routerCount; r++) {
      Router router = new Router();
      c.broadcast.forEach(router.directory::take);
      controls.outs.add(new Link(router));
      shards.forEach(shard -> router.outs.add(new Link(shard)));
      routers.add(router);
    }
    controls.opened();
    for (byte[] bytes : c.waiting) {
      routers.get(random.nextInt(routerCount)).waiting.add(read(POINT, bytes));
    }
    for (int p = 0; p < sources.length; p++) {
      int position = c.positions.length == 0 ? 0 : c.positions[p];
      sources[p] = new Source(world.partitions.get(p), position);
      routers.get(p % routerCount).own.add(sources[p]);
    }
  }

  private static <T> TypeSerializer<T> serializer(TypeInformation<T> type) {
    return type.createSerializer(new SerializerConfigImpl());
  }

  private static <T> byte[] bytes(TypeSerializer<T> serializer, T value) {
    try {
      DataOutputSerializer out = new DataOutputSerializer(256);
      serializer.serialize(value, out);
      return out.getCopyOfBuffer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> T read(TypeSerializer<T> serializer, byte[] bytes) {
    try {
      return serializer.deserialize(new DataInputDeserializer(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
