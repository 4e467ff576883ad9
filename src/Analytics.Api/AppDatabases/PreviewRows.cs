using System.Buffers;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace Analytics.AppDatabases;

/// <summary>
/// Rows of an answer as JSON objects, as many as fit into a megabyte. The first one is always there: of one that is larger by itself the
/// long values are cut, to texts that end in an ellipsis.
/// </summary>
sealed class PreviewRows(IReadOnlyList<string> names, IReadOnlyList<Shape> shapes)
{
    const int Most = 1 << 20;

    readonly List<ReadOnlyMemory<byte>> rows = [];
    int left = Most;

    public IReadOnlyList<ReadOnlyMemory<byte>> Rows => rows;

    /// <summary>Takes the row that the reader is at; false when it does not fit, and nothing behind it either.</summary>
    public async Task<bool> AddAsync(NpgsqlDataReader reader, CancellationToken cancel)
    {
        var row = new CutValues(names.Count, rows.Count == 0 ? Most : left, mayCut: rows.Count == 0);
        for (var at = 0; at < names.Count; at++)
            if (!await reader.IsDBNullAsync(at, cancel) && !await row.ReadAsync(reader, at, cancel))
                return false;
        var json = Json(row);
        while (json.Length > Most && row.CutMore())
            json = Json(row);
        if (rows.Count > 0 && json.Length > left)
            return false;
        rows.Add(json);
        left -= json.Length + 1;
        return true;
    }

    ReadOnlyMemory<byte> Json(CutValues row)
    {
        var text = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(text);
        json.WriteStartObject();
        for (var at = 0; at < names.Count; at++)
        {
            json.WritePropertyName(names[at]);
            if (row[at] is not { } value)
                json.WriteNullValue();
            else if (row.IsCut(at))
                json.WriteStringValue(Encoding.UTF8.GetString(value).TrimEnd('\uFFFD') + "…");
            else
                ValueJson.Write(json, shapes[at], value);
        }

        json.WriteEndObject();
        json.Flush();
        return text.WrittenMemory;
    }
}

/// <summary>The values of a row as Postgres writes them, read no further than there is room for them.</summary>
/// <param name="columns">How many there are.</param>
/// <param name="room">How many bytes they may have together.</param>
/// <param name="mayCut">Whether values are cut when that is too little; else the row is not read on.</param>
sealed class CutValues(int columns, int room, bool mayCut)
{
    readonly byte[]?[] values = new byte[columns][];
    readonly bool[] cut = new bool[columns];
    readonly int most = room;
    int left = room;

    // Once something is cut, each has its part.
    int part = int.MaxValue;

    public byte[]? this[int at] => values[at];

    public bool IsCut(int at) => cut[at];

    /// <summary>Reads a value that is not null; false when the row has no room for it.</summary>
    public async Task<bool> ReadAsync(NpgsqlDataReader reader, int at, CancellationToken cancel)
    {
        await using var value = await reader.GetStreamAsync(at, cancel);
        if (value.Length > left && part == int.MaxValue)
        {
            if (!mayCut)
                return false;
            CutTo(most / values.Length);
        }

        var read = new byte[(int)Math.Min(value.Length, Math.Min(left, part))];
        await value.ReadExactlyAsync(read, cancel);
        values[at] = read;
        cut[at] = read.Length < value.Length;
        left -= read.Length;
        return true;
    }

    /// <summary>Cuts the long values to half of what they have; false when nothing is left to cut.</summary>
    public bool CutMore()
    {
        if (!mayCut || part == 0)
            return false;
        CutTo(Math.Min(part, most / values.Length) / 2);
        return true;
    }

    void CutTo(int bytes)
    {
        part = bytes;
        for (var at = 0; at < values.Length; at++)
            if (values[at] is { } value && value.Length > part)
            {
                values[at] = value[..part];
                cut[at] = true;
            }

        left = most - values.Sum(value => value?.Length ?? 0);
    }
}
