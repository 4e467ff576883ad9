using System.Text;
using System.Text.Json;
using Analytics.Http;
using Analytics.Storage.Facts;

namespace Analytics.Features.Ingestion;

/// <summary>
/// Walks an event's metadata once, where it stands in the body: checks what jsonb and our limits refuse, and remembers
/// where the top-level members are. Reused from event to event.
/// </summary>
sealed class MetadataReader(byte[] body)
{
    public const int MaxBytes = 16 * 1024;
    public const int MaxKeys = 50;
    public const int LongestKey = 64;
    public const int LongestString = 2_048;
    public const int MaxLevels = 4;
    const int MaxProblems = 1_000;
    const int LongestKeyInPointer = 255;
    static readonly byte[][] BuiltInPaths = [.. FieldCatalogue.BuiltIn.Select(Encoding.UTF8.GetBytes)];

    readonly Level[] levels = new Level[MaxLevels + 1];
    readonly JsonSlice[] keys = new JsonSlice[MaxKeys];
    readonly JsonSlice[] values = new JsonSlice[MaxKeys];
    readonly List<(string Pointer, string Code, string Message)> problems = [];
    int depth;
    int members;
    int growth;

    /// <summary>Pointers start at the metadata: <c>/_cost</c>; empty for the object itself.</summary>
    public IReadOnlyList<(string Pointer, string Code, string Message)> Problems => problems;

    /// <summary>Whether every top-level member is remembered and none nests beyond the limit.</summary>
    public bool IsWithinLimits { get; private set; }

    public void Clear()
    {
        problems.Clear();
        members = depth = growth = 0;
        IsWithinLimits = true;
    }

    /// <summary>The last top-level member of that name, which is the one jsonb keeps.</summary>
    public JsonSlice Find(ReadOnlySpan<byte> name)
    {
        for (var at = Math.Min(members, MaxKeys) - 1; at >= 0; at--)
            if (keys[at].Is(body, name))
                return values[at];
        return default;
    }

    /// <summary>Reads the object the reader stands on and leaves the reader on its end.</summary>
    public JsonSlice Read(ref Utf8JsonReader reader)
    {
        Clear();
        var start = (int)reader.TokenStartIndex;
        levels[0] = default;
        while (reader.Read() && !(depth == 0 && reader.TokenType == JsonTokenType.EndObject))
            Token(ref reader);

        var (length, stored) = ((int)reader.BytesConsumed - start, (int)reader.BytesConsumed - start + growth);
        if (members > MaxKeys)
            Refuse("", Codes.TooManyKeys, $"metadata has {members} keys; at most {MaxKeys} are taken.");
        if (stored > MaxBytes)
            Refuse("", Codes.TooLarge, $"metadata is {stored} bytes long, numbers written out; at most {MaxBytes} are taken.");
        return new JsonSlice(JsonTokenType.StartObject, start, length, Escaped: false);
    }

    void Token(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                Key(ref reader);
                return;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                depth--;
                EndValue(levels[depth].ValueStart, (int)reader.BytesConsumed, levels[depth].Kind, escaped: false);
                return;
        }

        levels[depth].Index++;
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                Open(ref reader);
                return;
            case JsonTokenType.String:
                Text(reader.ValueSpan, reader.ValueIsEscaped);
                break;
            case JsonTokenType.Number when !JsonNumber.IsStorable(reader.ValueSpan):
                Refuse(Pointer(), Codes.Range, "The number is too large, or has too many decimals, to be stored.");
                break;
            case JsonTokenType.Number:
                growth += JsonNumber.Growth(reader.ValueSpan);
                break;
        }
        var quote = reader.TokenType == JsonTokenType.String ? 1 : 0;
        EndValue((int)reader.TokenStartIndex + quote, (int)reader.BytesConsumed - quote, reader.TokenType, reader.ValueIsEscaped);
    }

    void Open(ref Utf8JsonReader reader)
    {
        if (depth == MaxLevels)
        {
            Refuse(Pointer(), Codes.TooDeep, $"metadata nests at most {MaxLevels} levels.");
            reader.Skip();
            return;
        }
        levels[depth].ValueStart = (int)reader.TokenStartIndex;
        levels[depth].Kind = reader.TokenType;
        levels[++depth] = new Level { IsArray = reader.TokenType == JsonTokenType.StartArray, Index = -1 };
    }

    void Key(ref Utf8JsonReader reader)
    {
        var key = JsonSlice.Take(ref reader);
        levels[depth].Key = key;
        var fault = JsonText.Inspect(key.In(body), key.Escaped, out var characters);
        if (characters is 0 or > LongestKey)
            Refuse(Pointer(), Codes.Length, $"A key of metadata has 1 to {LongestKey} characters.");
        if (fault != TextFault.None)
            Refuse(depth == 0 ? "" : Pointer(depth - 1), FactRules.CodeOf(fault), FactRules.Words(fault));
        if (depth > 0)
            return;
        // As a literal key it would hide the built-in field from every path that asks for it.
        if (JsonSlice.IndexOf(body, key, BuiltInPaths) >= 0)
            Refuse(Pointer(), Codes.ReservedName, "The key is a built-in field's path; nest it instead.");
        if (members < MaxKeys)
            keys[members] = key;
        members++;
    }

    void EndValue(int start, int end, JsonTokenType kind, bool escaped)
    {
        if (depth == 0 && members <= MaxKeys)
            values[members - 1] = new JsonSlice(kind, start, end - start, escaped);
    }

    void Text(ReadOnlySpan<byte> raw, bool escaped)
    {
        if (!escaped && raw.Length <= LongestString)
            return;
        var fault = JsonText.Inspect(raw, escaped, out var characters);
        if (characters > LongestString)
            Refuse(Pointer(), Codes.Length, $"A string of metadata has at most {LongestString} characters.");
        if (fault != TextFault.None)
            Refuse(Pointer(), FactRules.CodeOf(fault), FactRules.Words(fault));
    }

    void Refuse(string pointer, string code, string message)
    {
        IsWithinLimits &= code is not (Codes.TooManyKeys or Codes.TooDeep);
        if (problems.Count < MaxProblems)
            problems.Add((pointer, code, message));
    }

    string Pointer() => Pointer(depth);

    string Pointer(int last)
    {
        var pointer = new StringBuilder();
        for (var level = 0; level <= last; level++)
        {
            if (levels[level].IsArray)
            {
                pointer.Append('/').Append(levels[level].Index);
                continue;
            }
            // A key that is itself far too long is pointed at by its object.
            var key = levels[level].Key;
            if (key.Length > LongestKeyInPointer)
                break;
            pointer.Append('/').Append(
                key.Text(body).Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));
        }
        return pointer.ToString();
    }

    struct Level
    {
        public bool IsArray;
        public int Index;
        public int ValueStart;
        public JsonTokenType Kind;
        public JsonSlice Key;
    }
}
