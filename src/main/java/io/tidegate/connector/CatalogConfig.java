package io.tidegate.connector;

import java.util.Map;

/**
 * The Iceberg catalog that holds the tables.
 *
 * @param name name of the catalog; a JDBC catalog's tables exist under this name only
 * @param namespace namespace of the tables
 * @param uri a JDBC URL, or the address of a REST catalog
 * @param warehouse folder or bucket of the tables; empty where a REST catalog knows it
 * @param properties passed to the catalog as they are, such as {@code jdbc.user} or {@code
 *     credential}
 */
public record CatalogConfig(
    String name,
    String namespace,
    Type type,
    String uri,
    String warehouse,
    Map<String, String> properties) {

  /** How the catalog is reached. */
  public enum Type {
    JDBC,
    REST
  }

  public CatalogConfig {
    properties = Map.copyOf(properties);
  }
}
