package io.tidegate.connector.imports;

import java.util.List;

/**
 * One row of a file.
 *
 * @param number from 1, the header not counted
 * @param cells texts in the order of the columns; an absent value is empty
 */
record Row(long number, List<String> cells) {}
