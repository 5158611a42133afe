package io.tidegate.stats.lifetime;

/**
 * Value per unit that repeat purchases are expected to bring in a time ahead, of units of whom some
 * have bought. First purchases still to come are not in it.
 *
 * @param mean value per unit, buyers and others
 * @param se standard error over units: what customers differ by and what the fit is unsure of
 * @param purchases repeat purchases per unit
 */
public record ValueForecast(double mean, double se, double purchases) {}
