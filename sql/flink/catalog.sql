-- Opens Tidegate's catalog in Flink SQL. The addresses are those of the embedded platform in
-- ./tidegate-data, seen from the folder that holds it; for another place take `uri` and
-- `warehouse` from its tidegate.yaml. The catalog's name must be tidegate: a JDBC catalog's tables
-- exist under the name they were made with.
CREATE CATALOG tidegate WITH (
  'type' = 'iceberg',
  'catalog-impl' = 'org.apache.iceberg.jdbc.JdbcCatalog',
  'uri' = 'jdbc:sqlite:tidegate-data/catalog.db?journal_mode=WAL&busy_timeout=8000',
  'warehouse' = 'file:tidegate-data/warehouse',
  'jdbc.schema-version' = 'V1'
);
USE CATALOG tidegate;
USE tidegate;
