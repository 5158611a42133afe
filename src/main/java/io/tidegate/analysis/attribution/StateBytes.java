package io.tidegate.analysis.attribution;

import io.tidegate.stats.sums.VarLong;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Bytes gathered in memory so that they are written in one go; as a stream without the locks of the
 * library's. Mutable, reused.
 */
public final class StateBytes extends OutputStream {

  /** Four bytes of an array, the highest first. */
  static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  /** Eight bytes of an array, the highest first. */
  static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes = new byte[512];
  private int size;

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  void copyTo(byte[] target, int at) {
    System.arraycopy(bytes, 0, target, at, size);
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  @Override
  public void write(int value) {
    putByte(value);
  }

  @Override
  public void write(byte[] from, int at, int length) {
    reserve(length);
    System.arraycopy(from, at, bytes, size, length);
    size += length;
  }

  void writeTo(DataOutput out) throws IOException {
    out.write(bytes, 0, size);
  }

  private void reserve(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
    }
  }

  /** Gives a digest all that was put. */
  public void writeTo(MessageDigest digest) {
    digest.update(bytes, 0, size);
  }

  /** The lowest eight bits. */
  public void putByte(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  /** A number of variable length; {@link VarLong#read} reads it. */
  void putNumber(long value) {
    reserve(VarLong.MOST_BYTES);
    size = VarLong.put(bytes, size, value);
  }

  /** The next bytes of an input. */
  void take(int count, DataInput in) throws IOException {
    reserve(count);
    in.readFully(bytes, size, count);
    size += count;
  }

  /**
   * The next number of an input, as {@link #putNumber} puts it.
   *
   * @return it
   */
  long takeNumber(DataInput in) throws IOException {
    long number = VarLong.read(in);
    putNumber(number);
    return number;
  }

  /** The next text of an input, as {@link #putText} puts it. */
  void takeText(DataInput in) throws IOException {
    take(StrictMath.toIntExact(takeNumber(in)), in);
  }

  /** Four bytes, the highest first. */
  public void putInt(int value) {
    reserve(Integer.BYTES);
    INT.set(bytes, size, value);
    size += Integer.BYTES;
  }

  /** Eight bytes, the highest first. */
  public void putLong(long value) {
    reserve(Long.BYTES);
    LONG.set(bytes, size, value);
    size += Long.BYTES;
  }

  /** A number's bits, of every NaN the same, as eight bytes. */
  public void putDouble(double value) {
    putLong(Double.doubleToLongBits(value));
  }

  /** Length in bytes, then UTF-8; {@link Texts#read} reads it. */
  void putText(String text) {
    int length = text.length();
    int start = size;
    putNumber(length);
    reserve(length);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        size = start;
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        putNumber(utf8.length);
        write(utf8, 0, utf8.length);
        return;
      }
      bytes[size++] = (byte) c;
    }
  }
}
