package io.tidegate.simulate;

import java.util.Map;

/**
 * Who the units are: attributes and habits of a unit as functions of seed, number and the day it
 * was first seen. The mix drifts by that day: more mobile, more of the smaller countries.
 */
final class Population {

  static final String COUNTRY = "country";
  static final String DEVICE = "device";
  static final String PLAN = "plan";
  static final String TENURE = "tenure";

  private static final String[] COUNTRIES = {"DE", "FR", "US", "BR"};
  private static final int[] SHIFT_HOURS = {1, 1, -6, -3};
  private static final String[] DEVICES = {"mobile", "desktop", "tablet"};
  private static final String[] PLANS = {"free", "plus", "pro"};
  private static final double[] PLAN_WEIGHTS = {0.70, 0.22, 0.08};
  private static final double[] PLAN_PURCHASE = {0.95, 1.1, 1.2};
  private static final double[] DEVICE_PURCHASE = {0.95, 1.1, 0.95};
  private static final double[] DEVICE_LATENCY = {1.3, 1.0, 1.1};
  private static final double[] COUNTRY_LATENCY = {1.0, 1.05, 1.3, 1.7};
  private static final int TRAITS = 1;

  private final long seed;

  /**
   * A unit's habits.
   *
   * @param activity factor on the probability to come back; its mean over units is 1
   * @param purchase factor on the probability to buy
   * @param spending factor on the value of a purchase
   * @param latencyMs median latency of the unit's requests
   */
  record Traits(
      int country,
      int device,
      int plan,
      double activity,
      double purchase,
      double spending,
      double latencyMs) {

    /** Local time less UTC. */
    int shiftHours() {
      return SHIFT_HOURS[country];
    }
  }

  Population(long seed) {
    this.seed = seed;
  }

  /** Traits of unit {@code unit}, first seen {@code bornDay} days after the start. */
  Traits traits(long unit, int bornDay) {
    Draws draws = Draws.of(seed, TRAITS, unit, 0);
    double weeks = bornDay / 7.0;
    int country =
        draws.pick(new double[] {0.40, 0.25, 0.25 * drift(weeks, 0.01), 0.10 * drift(weeks, 0.02)});
    int device = draws.pick(new double[] {0.55 * drift(weeks, 0.01), 0.36, 0.09});
    int plan = draws.pick(PLAN_WEIGHTS);
    double activitySigma = 0.6;
    return new Traits(
        country,
        device,
        plan,
        draws.logNormal(StrictMath.exp(-activitySigma * activitySigma / 2), activitySigma),
        PLAN_PURCHASE[plan] * DEVICE_PURCHASE[device],
        draws.logNormal(1, 0.35) * (plan == 2 ? 1.5 : 1),
        draws.logNormal(110 * DEVICE_LATENCY[device] * COUNTRY_LATENCY[country], 0.35));
  }

  /** Attributes of a unit as its events carry them, {@code age} days after it was first seen. */
  static Map<String, String> attributes(Traits traits, int age) {
    return Map.of(
        COUNTRY, COUNTRIES[traits.country()],
        DEVICE, DEVICES[traits.device()],
        PLAN, PLANS[traits.plan()],
        TENURE, age < 1 ? "new" : age < 30 ? "regular" : "veteran");
  }

  private static double drift(double weeks, double perWeek) {
    return StrictMath.exp(perWeek * Math.max(-20, Math.min(52, weeks)));
  }
}
