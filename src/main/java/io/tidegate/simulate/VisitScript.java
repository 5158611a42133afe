package io.tidegate.simulate;

import io.tidegate.model.Exposure;
import io.tidegate.model.Outcome;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** What happens in a visit. */
final class VisitScript {

  private static final int VISIT = 4;
  private static final long MINUTE = 60_000;
  private static final long HOUR = 3_600_000;
  private static final double VIEWS_CART = 0.62;
  private static final double CHECKS_OUT = 0.70;
  private static final double BUYS = 0.72;
  private static final double ERRS = 0.02;
  private static final double REFUNDS = 0.05;
  private static final double DECIDES_LATER = 0.12;
  private static final double MEDIAN_ORDER = 32;
  private static final double LARGEST_ORDER = 20_000;

  private final SimulationConfig config;
  private final Assigner assigner;
  private final Levers levers;
  private final Units units;
  private final Ledger ledger;
  private final Courier courier;

  VisitScript(
      SimulationConfig config,
      Assigner assigner,
      Levers levers,
      Units units,
      Ledger ledger,
      Consumer<Pending> queue) {
    this.config = config;
    this.assigner = assigner;
    this.levers = levers;
    this.units = units;
    this.ledger = ledger;
    this.courier = new Courier(config, queue);
  }

  /** One visit being played. */
  private final class Scene {
    final Units.Visit visit;
    final Population.Traits traits;
    final Map<String, String> attributes;
    final Draws draws;
    final int variant;
    final String unitId;
    int events;

    Scene(Units.Visit visit) {
      this.visit = visit;
      this.traits = units.traits(visit);
      this.attributes = Population.attributes(traits, visit.day() - visit.bornDay());
      this.draws = Draws.of(config.seed(), VISIT, visit.unit(), visit.timeMs());
      this.variant = assigner.served(visit.unit(), visit.timeMs(), visit.ordinal()).index();
      this.unitId = "u" + (1_000_000_000L + visit.unit());
    }

    double factor(Lever lever) {
      return levers.factor(lever, variant, visit.timeMs(), attributes);
    }

    boolean chance(double probability, Lever lever) {
      return draws.chance(Math.min(1, probability * factor(lever)));
    }

    String nextId() {
      long id = Draws.of(config.seed(), VISIT, ~visit.unit(), visit.timeMs() + events++).bits();
      return Long.toUnsignedString(id, 36) + "-" + Long.toString(visit.unit(), 36);
    }
  }

  void play(Units.Visit visit) {
    Scene scene = new Scene(visit);
    units.enter(visit.unit(), scene.variant);
    expose(scene, visit.timeMs());
    happens(scene, visit.timeMs(), "session_start");
    requests(scene);
    if (!scene.chance(VIEWS_CART, Lever.VIEW_CART)) {
      return;
    }
    long cartMs = visit.timeMs() + scene.draws.between(20_000, 4 * MINUTE);
    expose(scene, cartMs);
    happens(scene, cartMs, "view_cart");
    if (!scene.chance(CHECKS_OUT, Lever.CHECKOUT)) {
      return;
    }
    long checkoutMs = cartMs + scene.draws.between(10_000, 3 * MINUTE);
    happens(scene, checkoutMs, "start_checkout");
    if (scene.chance(BUYS * scene.traits.purchase(), Lever.PURCHASE)) {
      purchase(scene, checkoutMs);
    }
  }

  private void requests(Scene scene) {
    int n = 1 + scene.draws.poisson(0.9);
    for (int i = 0; i < n; i++) {
      long atMs = scene.visit.timeMs() + (i == 0 ? 0 : scene.draws.between(1_000, 6 * MINUTE));
      double slow = scene.draws.chance(0.01) ? 6 : 1;
      double latency =
          scene.draws.logNormal(scene.traits.latencyMs(), 0.45)
              * slow
              * scene.factor(Lever.LATENCY);
      long latencyMs = Math.max(1, Math.round(latency));
      Map<String, String> attributes = new HashMap<>(scene.attributes);
      attributes.put("latency_ms", Long.toString(latencyMs));
      send(scene, new Outcome(scene.nextId(), atMs, scene.unitId, "request", 0, false, attributes));
      if (scene.chance(ERRS, Lever.ERROR)) {
        happens(scene, atMs + latencyMs, "error");
      }
    }
  }

  private void purchase(Scene scene, long checkoutMs) {
    double delay =
        scene.draws.chance(DECIDES_LATER)
            ? Math.min(scene.draws.logNormal(4 * HOUR, 0.9), 72 * HOUR)
            : scene.draws.exponential(2 * MINUTE) + 5_000;
    long atMs = checkoutMs + (long) delay;
    double order = scene.draws.logNormal(MEDIAN_ORDER * scene.traits.spending(), 0.6);
    if (scene.draws.chance(0.01)) {
      order *= StrictMath.pow(1 - scene.draws.uniform(), -1 / 1.5);
    }
    double value = Math.min(LARGEST_ORDER, order * scene.factor(Lever.REVENUE));
    long micros = Math.max(1, Math.round(value * 100)) * 10_000;
    money(scene, atMs, micros, "sale");
    if (scene.chance(REFUNDS, Lever.REFUND)) {
      money(scene, atMs + (long) scene.draws.logNormal(40 * HOUR, 0.6), -micros, "refund");
    }
  }

  private void money(Scene scene, long atMs, long micros, String type) {
    Map<String, String> attributes = new HashMap<>(scene.attributes);
    attributes.put("type", type);
    send(
        scene,
        new Outcome(scene.nextId(), atMs, scene.unitId, "purchase", micros, true, attributes));
  }

  private void happens(Scene scene, long atMs, String name) {
    send(scene, new Outcome(scene.nextId(), atMs, scene.unitId, name, 0, false, scene.attributes));
  }

  private void send(Scene scene, Outcome event) {
    courier.send(
        scene.visit.unit(),
        event.eventTimeMs(),
        false,
        event.eventId(),
        arrivalMs -> new Arrival.Happened(arrivalMs, event));
  }

  /** The flag is asked when the event arrives: by then the stage of its time is known. */
  private void expose(Scene scene, long atMs) {
    String id = scene.nextId();
    Units.Visit visit = scene.visit;
    courier.send(
        visit.unit(),
        atMs,
        true,
        id,
        arrivalMs -> {
          if (!config.exposuresBefore() && ledger.isBefore(atMs)) {
            return null;
          }
          String variant = assigner.served(visit.unit(), atMs, visit.ordinal()).variant();
          return variant.isEmpty()
              ? null
              : new Arrival.Exposed(
                  arrivalMs,
                  new Exposure(
                      id,
                      atMs,
                      scene.unitId,
                      config.spec().flag().key(),
                      variant,
                      "",
                      "split",
                      scene.attributes));
        });
  }
}
