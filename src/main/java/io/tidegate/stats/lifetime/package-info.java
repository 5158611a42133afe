/**
 * How often customers buy again and what they spend, projected beyond what was seen: the BG/NBD
 * model of repeat purchases and the Gamma-Gamma model of their value, fitted by maximum likelihood.
 */
@NullMarked
package io.tidegate.stats.lifetime;

import org.jspecify.annotations.NullMarked;
