package io.tidegate.connector;

import java.io.Serializable;

/**
 * Where the key that pseudonymises unit ids is found. Only the place travels with a job; the key is
 * read where events are decoded.
 *
 * @param unitKeyEnv name of an environment variable; used where it is set
 * @param unitKeyFile path of a file readable on every task manager; empty for none
 */
public record PrivacyConfig(String unitKeyEnv, String unitKeyFile) implements Serializable {}
