using System.Buffers;

namespace Analytics.Sketches;

/// <summary>A growing buffer of bytes from the shared pool. <see cref="Reset"/> it to write again, dispose it to give it back.</summary>
sealed class ByteWriter : IDisposable
{
    byte[] _buffer;
    int _length;

    public ByteWriter(int capacity = 256) => _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(capacity, Varint.Longest128));

    public int Length => _length;

    /// <summary>What was written so far; good until the next write.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _buffer.AsSpan(0, _length);

    /// <inheritdoc cref="WrittenSpan"/>
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, _length);

    public byte[] ToArray() => WrittenSpan.ToArray();

    public void Reset() => _length = 0;

    /// <summary>Forgets what was written past <paramref name="length"/> bytes.</summary>
    public void Truncate(int length)
    {
        if ((uint)length > (uint)_length)
            throw new ArgumentOutOfRangeException(nameof(length));
        _length = length;
    }

    public void WriteByte(byte value) => Room(1)[_length++] = value;

    public void WriteVarint(ulong value)
    {
        var buffer = Room(Varint.Longest);
        if (value < 0x80)
            buffer[_length++] = (byte)value;
        else
            _length += Varint.Write(buffer.AsSpan(_length), value);
    }

    public void WriteZigzag(long value) => WriteVarint(Varint.Zigzag(value));

    public void WriteUInt128(UInt128 value) => _length += Varint.Write(Room(Varint.Longest128).AsSpan(_length), value);

    /// <summary>Zigzagged, as many bytes as it needs.</summary>
    public void WriteInt128(Int128 value) => WriteUInt128(Varint.Zigzag(value));

    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length).AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>At least <paramref name="size"/> bytes to fill; <see cref="Advance"/> says how many were.</summary>
    public Span<byte> GetSpan(int size) => Room(size).AsSpan(_length);

    public void Advance(int written)
    {
        if ((uint)written > (uint)(_buffer.Length - _length))
            throw new ArgumentOutOfRangeException(nameof(written));
        _length += written;
    }

    /// <summary>Puts the length of what was written since <paramref name="start"/> in front of it.</summary>
    public void PrefixLength(int start)
    {
        var length = _length - start;
        Span<byte> prefix = stackalloc byte[Varint.Longest];
        prefix = prefix[..Varint.Write(prefix, (ulong)length)];
        var written = Room(prefix.Length).AsSpan(start);
        written[..length].CopyTo(written[prefix.Length..]);
        prefix.CopyTo(written);
        _length += prefix.Length;
    }

    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        _length = 0;
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    byte[] Room(int size) => _buffer.Length - _length >= size ? _buffer : Grow(size);

    byte[] Grow(int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max(2L * _buffer.Length, (long)_length + size)));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        return _buffer = larger;
    }
}
