package io.tidegate.serve;

import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.analysis.timeline.Definition;
import io.tidegate.analysis.timeline.DefinitionReader;
import io.tidegate.analysis.timeline.Sequencer;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.codec.DecodeLimits;
import io.tidegate.codec.Decoded;
import io.tidegate.codec.IncidentCodec;
import io.tidegate.codec.RolloutEventCodec;
import io.tidegate.codec.SignalCodec;
import io.tidegate.model.ControlEvent;
import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Incident;
import io.tidegate.model.RolloutEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest verdict and the timeline of every rollout: a function of the topics, so a restart
 * loses nothing. Mutable, thread-safe.
 */
public final class Board {

  private static final Logger LOG = LoggerFactory.getLogger(Board.class);

  private final DefinitionReader reader;
  private final DecodeLimits limits;
  private final Map<String, Entry> entries = new TreeMap<>();
  private final Sequencer sequencer = new Sequencer();
  private final IncidentBook incidents = new IncidentBook();
  private final Deque<Early> early = new ArrayDeque<>();
  private Consumer<String> changed = id -> {};
  private long skipped;

  /** What came of a rollout before its definition: topics are read side by side. */
  private record Early(String rolloutId, Runnable take) {}

  /** Messages kept for rollouts that are not defined yet; the oldest goes when there are more. */
  private static final int MOST_EARLY = 256;

  /** One rollout. */
  private static final class Entry {
    final List<ControlEvent> events = new ArrayList<>();
    final Map<String, RolloutEvent> byEventId = new HashMap<>();
    final Map<String, Definition> definitions = new HashMap<>();
    @Nullable GateSignal signal;
    long signalMs;
    @Nullable Timeline timeline;
    @Nullable EffectHistory history;
    long version;

    /** Attempt and boundary of the newest verdict that could be read. */
    int attempt;

    long boundaryMs = Long.MIN_VALUE;

    /** Whether a verdict is not older than the newest; it is the newest then. */
    boolean reaches(GateSignal next) {
      if (next.attempt() < attempt
          || (next.attempt() == attempt && next.boundaryMs() < boundaryMs)) {
        return false;
      }
      attempt = next.attempt();
      boundaryMs = next.boundaryMs();
      return true;
    }

    void remove() {
      signal = null;
      signalMs = 0;
      attempt = 0;
      boundaryMs = Long.MIN_VALUE;
    }
  }

  /**
   * An empty board.
   *
   * @param reader reads what DEFINED events carry
   * @param limits what the jobs take for an event
   */
  public Board(DefinitionReader reader, DecodeLimits limits) {
    this.reader = reader;
    this.limits = limits;
  }

  /**
   * Takes the next record of topic {@code gate-verdicts}. A verdict of an older attempt or boundary
   * than the newest is passed over: a gate that starts without state sends them again.
   *
   * @param key the rollout's id
   * @param value null: the rollout's verdict was removed
   * @param writtenMs the record's timestamp
   */
  public synchronized void verdict(byte @Nullable [] key, byte @Nullable [] value, long writtenMs) {
    if (key == null) {
      skipped++;
      return;
    }
    String id = new String(key, StandardCharsets.UTF_8);
    changed(id);
    if (value == null) {
      entry(id).remove();
    } else {
      try {
        GateSignal signal = SignalCodec.readSignal(value);
        Entry entry = entry(signal.rolloutId());
        if (entry.reaches(signal)) {
          entry.signal = signal;
          entry.signalMs = writtenMs;
        }
      } catch (IOException e) {
        // The verdict before it is no longer the newest, so it must not be acted on.
        entry(id).signal = null;
        skipped++;
        LOG.warn("the verdict of {} cannot be read", Text.plain(id), e);
      }
    }
    notifyAll();
  }

  /**
   * Takes the next record of topic {@code rollouts}; what cannot be used is counted.
   *
   * @param writtenMs the record's timestamp
   */
  public synchronized void rollout(byte @Nullable [] value, long writtenMs) {
    if (value != null
        && RolloutEventCodec.decode(value, writtenMs, limits)
            instanceof Decoded.Event<RolloutEvent> usable) {
      ControlEvent next = sequencer.next(usable.event());
      if (!next.isTick()) {
        Entry entry = entry(usable.event().rolloutId());
        entry.events.add(next);
        entry.byEventId.putIfAbsent(usable.event().eventId(), usable.event());
        entry.timeline = null;
        changed(usable.event().rolloutId());
        takeEarly(usable.event());
      }
    } else {
      skipped++;
    }
    notifyAll();
  }

  /** Takes the next record of topic {@code gate-signals}. */
  public synchronized void signal(byte @Nullable [] value) {
    if (value == null) {
      skipped++;
      return;
    }
    try {
      signal(SignalCodec.readSignal(value));
    } catch (IOException e) {
      skipped++;
    }
  }

  /** Takes the next record of topic {@code gate-evidence}: one metric at one boundary. */
  public synchronized void evidence(byte @Nullable [] value) {
    if (value == null) {
      skipped++;
      return;
    }
    try {
      List<Estimate> estimates = SignalCodec.readEvidence(value).estimates();
      if (!estimates.isEmpty()) {
        evidence(estimates);
      }
    } catch (IOException e) {
      skipped++;
    }
  }

  /** Takes the next record of topic {@code incidents}: a state of one. */
  public synchronized void incident(byte @Nullable [] value) {
    if (value == null) {
      skipped++;
      return;
    }
    try {
      Incident state = IncidentCodec.decode(value);
      if (incidents.take(state)) {
        List<String> concerned = state.rolloutId().isEmpty() ? ids() : List.of(state.rolloutId());
        concerned.stream().filter(entries::containsKey).forEach(this::changed);
      }
    } catch (IOException e) {
      skipped++;
    }
  }

  private void signal(GateSignal signal) {
    String id = signal.rolloutId();
    EffectHistory history = history(id, signal.attempt());
    if (history != null) {
      history.signal(signal);
      changed(id);
    } else if (!defined(id)) {
      keep(new Early(id, () -> signal(signal)));
    }
  }

  private void evidence(List<Estimate> estimates) {
    Estimate first = estimates.get(0);
    String id = first.rolloutId();
    EffectHistory history = history(id, first.attempt());
    if (history != null) {
      history.evidence(estimates);
      changed(id);
    } else if (!defined(id)) {
      keep(new Early(id, () -> evidence(estimates)));
    }
  }

  private boolean defined(String id) {
    return state(id, entry(id)).definition() != null;
  }

  private void keep(Early message) {
    early.add(message);
    if (early.size() > MOST_EARLY) {
      early.remove();
    }
  }

  private void takeEarly(RolloutEvent event) {
    if (event.kind() == RolloutEvent.Kind.DEFINED) {
      List<Early> waiting =
          early.stream().filter(each -> each.rolloutId().equals(event.rolloutId())).toList();
      early.removeAll(waiting);
      waiting.forEach(each -> each.take().run());
    }
  }

  /** The history of an attempt, or null where a later one has begun or no spec is known. */
  private @Nullable EffectHistory history(String id, int attempt) {
    Entry entry = entry(id);
    EffectHistory known = entry.history;
    if (known != null && known.attempt() >= attempt) {
      return known.attempt() == attempt ? known : null;
    }
    Definition definition = state(id, entry).definition();
    if (definition == null) {
      return null;
    }
    EffectHistory begun = new EffectHistory(attempt, definition.spec().minSegmentUnits());
    entry.history = begun;
    return begun;
  }

  /**
   * Hands the id of a rollout to a listener whenever something new is known of it; replaces the
   * listener before. It is called by the thread that reads, which waits for it.
   */
  synchronized void listen(Consumer<String> listener) {
    changed = listener;
  }

  private void changed(String id) {
    entry(id).version++;
    changed.accept(id);
  }

  /** A rollout as people may see it, or null where no topic names it. */
  synchronized @Nullable Showing showing(String id) {
    Entry entry = entries.get(id);
    if (entry == null) {
      return null;
    }
    RolloutState state = state(id, entry);
    Attempt attempt = state.attempt();
    List<Incident> unusual =
        attempt == null ? List.of() : incidents.concerning(id, attempt.startMs(), attempt.endMs());
    return Showing.of(state, history(state, entry), unusual, entry.version);
  }

  /** What the gate said of the newest attempt, or null where nothing was read of it. */
  private static @Nullable EffectHistory history(RolloutState state, Entry entry) {
    EffectHistory history = entry.history;
    Attempt attempt = state.attempt();
    return history != null && attempt != null && history.attempt() == attempt.number()
        ? history
        : null;
  }

  /** A rollout's state as people may see it, or null where no topic names it. */
  synchronized @Nullable RolloutState shown(String id) {
    Entry entry = entries.get(id);
    if (entry == null) {
      return null;
    }
    RolloutState state = state(id, entry);
    return Showing.state(state, history(state, entry));
  }

  /** A rollout as the topics have it, or null where none names it. */
  public synchronized @Nullable RolloutState state(String id) {
    Entry entry = entries.get(id);
    return entry == null ? null : state(id, entry);
  }

  /** Every rollout as people may see it, by id. */
  synchronized List<RolloutState> shown() {
    return entries.keySet().stream().map(this::shown).filter(Objects::nonNull).toList();
  }

  public synchronized List<String> ids() {
    return List.copyOf(entries.keySet());
  }

  /** Whether an event of a rollout has come back from the topic. */
  public synchronized boolean knows(String id, String eventId) {
    return event(id, eventId) != null;
  }

  /** An event of a rollout as it first came back from the topic, or null. */
  synchronized @Nullable RolloutEvent event(String id, String eventId) {
    Entry entry = entries.get(id);
    return entry == null ? null : entry.byEventId.get(eventId);
  }

  /** Newest TICK, epoch milliseconds; {@link Long#MIN_VALUE} before the first. */
  public synchronized long frontierMs() {
    return sequencer.frontierMs();
  }

  /** Records that could not be read. */
  public synchronized long skipped() {
    return skipped;
  }

  /** Waits until something is so, looking again whenever a record comes; false after the time. */
  public synchronized boolean await(BooleanSupplier so, Duration most) throws InterruptedException {
    long until = System.nanoTime() + most.toNanos();
    while (!so.getAsBoolean()) {
      long leftMs = (until - System.nanoTime()) / 1_000_000;
      if (leftMs <= 0) {
        return false;
      }
      wait(Math.min(leftMs, 200));
    }
    return true;
  }

  private Entry entry(String id) {
    return entries.computeIfAbsent(id, unknown -> new Entry());
  }

  private RolloutState state(String id, Entry entry) {
    Timeline timeline = entry.timeline;
    if (timeline == null) {
      timeline = Timeline.of(id, entry.events, defined -> definition(entry, defined));
      entry.timeline = timeline;
    }
    return new RolloutState(id, timeline, entry.signal, entry.signalMs, sequencer.frontierMs());
  }

  /** Reading a spec is the costly part of a timeline. */
  private Definition definition(Entry entry, RolloutEvent defined) {
    String text = defined.spec() + '\n' + defined.resolved();
    Definition known = entry.definitions.get(text);
    if (known == null) {
      known = reader.read(defined);
      entry.definitions.put(text, known);
    }
    return known;
  }
}
