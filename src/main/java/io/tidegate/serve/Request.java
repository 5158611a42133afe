package io.tidegate.serve;

import java.util.Map;

/**
 * One HTTP request, read.
 *
 * @param path values of the route's {@code {names}}
 * @param query first value of each query parameter
 * @param from address of the peer
 */
record Request(
    Map<String, String> path,
    Map<String, String> query,
    byte[] body,
    Access.Caller caller,
    String from) {

  String path(String name) {
    return path.getOrDefault(name, "");
  }

  String query(String name) {
    return query.getOrDefault(name, "");
  }
}
