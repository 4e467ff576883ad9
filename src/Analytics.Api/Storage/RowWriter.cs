namespace Analytics.Storage;

/// <summary>Takes the rows of a table, column after column in the order of its statement, on their way to Postgres.</summary>
abstract class RowWriter
{
    /// <summary>How many rows it holds.</summary>
    public int Rows { get; protected set; }

    /// <summary>Forgets the rows.</summary>
    public abstract void Clear();

    public abstract void StartRow(short columns);

    public abstract void Boolean(bool value);

    public abstract void Int16(short value);

    public abstract void Int32(int value);

    public abstract void Int32OrNull(int? value);

    /// <summary>A number; none for 0.</summary>
    public void NumberOrNull(int value) => Int32OrNull(value == 0 ? null : value);

    public abstract void Int64(long value);

    public abstract void Int64OrNull(long? value);

    /// <summary>A timestamptz, given in microseconds since 1970.</summary>
    public abstract void Timestamp(long microseconds);

    public abstract void Uuid(Guid value);

    public abstract void UuidOrNull(Guid? value);

    public abstract void Bytes(ReadOnlySpan<byte> value);

    /// <summary>A text in UTF-8.</summary>
    public abstract void Text(ReadOnlySpan<byte> utf8);

    /// <summary>A text in UTF-8; null when empty.</summary>
    public abstract void TextOrNull(ReadOnlySpan<byte> utf8);

    /// <summary>A jsonb in UTF-8; null when empty.</summary>
    public abstract void JsonOrNull(ReadOnlySpan<byte> json);
}
