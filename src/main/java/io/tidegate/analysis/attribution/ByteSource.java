package io.tidegate.analysis.attribution;

import java.io.InputStream;
import java.util.Objects;

/** Bytes of an array as a stream without the locks of the library's. Mutable. */
final class ByteSource extends InputStream {

  private final byte[] bytes;
  private int at;

  ByteSource(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public int read() {
    return at < bytes.length ? bytes[at++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] into, int from, int length) {
    Objects.checkFromIndexSize(from, length, into.length);
    if (length > 0 && at == bytes.length) {
      return -1;
    }
    int read = Math.min(length, bytes.length - at);
    System.arraycopy(bytes, at, into, from, read);
    at += read;
    return read;
  }

  @Override
  public int available() {
    return bytes.length - at;
  }
}
