/** The demo: a simulated shop and its rollout tooling around the real jobs. */
@NullMarked
package io.tidegate.cli.demo;

import org.jspecify.annotations.NullMarked;
