package io.tidegate.simulate;

/** What a planted effect multiplies. */
public enum Lever {
  /** Probability that a unit comes back on a day. */
  RETURN,
  /** Probability that a visit views the cart. */
  VIEW_CART,
  /** Probability that a viewed cart starts a checkout. */
  CHECKOUT,
  /** Probability that a checkout ends in a purchase. */
  PURCHASE,
  /** Value of a purchase. */
  REVENUE,
  /** Probability that a purchase is refunded. */
  REFUND,
  /** Probability that a request is an error. */
  ERROR,
  /** Latency of a request. */
  LATENCY,
  /** Expected number of visits; for a {@link Shock} only, since nobody is assigned before one. */
  TRAFFIC
}
