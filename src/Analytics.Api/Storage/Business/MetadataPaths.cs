using System.Text;
using System.Text.Json;
using Analytics.Storage.Facts;

namespace Analytics.Storage.Business;

/// <summary>
/// Looks for the values of several dotted paths in one pass through an event's metadata, by the rule of <see cref="MetadataPath"/>: the
/// literal key first. For one user at a time.
/// </summary>
sealed class MetadataPaths
{
    // Metadata nests four levels below its own.
    const int Deepest = 6;

    readonly Level top = new();
    readonly int[] foundAt;

    /// <param name="paths">The paths, each once.</param>
    public MetadataPaths(IReadOnlyList<string> paths)
    {
        foundAt = new int[paths.Count];
        foreach (var (at, path) in paths.Index())
            top.Add(path, at, 0);
    }

    /// <summary>Where in the metadata each path's value stands, as raw JSON; an empty range where there is none.</summary>
    public void Find(ReadOnlySpan<byte> metadata, Span<Range> found)
    {
        found.Clear();
        Array.Fill(foundAt, int.MaxValue);
        if (!metadata.IsEmpty)
            Find(metadata, 0, top, 0, found);
    }

    // Of a repeated key the last value holds, as in jsonb; what a literal key has found, deeper levels leave alone.
    void Find(ReadOnlySpan<byte> json, int offset, Level level, int depth, Span<Range> found)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        level.Forget();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = level.Find(ref reader);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (member is null)
                continue;
            var value = start..(int)reader.BytesConsumed;
            member.Value = value;
            if (member.Path is not { } path || foundAt[path] < depth)
                continue;
            foundAt[path] = depth;
            found[path] = (offset + value.Start.Value)..(offset + value.End.Value);
        }

        foreach (var member in level.Steps)
            if (member.Value is { } value && json[value.Start.Value] == '{')
                Find(json[value], offset + value.Start.Value, member.Below!, depth + 1, found);
    }

    /// <summary>The keys that are looked for in an object.</summary>
    sealed class Level
    {
        readonly Dictionary<byte[], Member> members = new(new WorkspaceNames.BytesComparer());
        readonly Dictionary<byte[], Member>.AlternateLookup<ReadOnlySpan<byte>> byName;

        // A bit for each length of a key: most others are of another one.
        ulong lengths;

        public Level() => byName = members.GetAlternateLookup<ReadOnlySpan<byte>>();

        public List<Member> Steps { get; } = [];

        public void Add(string path, int number, int depth)
        {
            Of(path).Path = number;
            var dot = path.IndexOf('.', StringComparison.Ordinal);
            if (dot < 0 || depth == Deepest)
                return;
            var step = Of(path[..dot]);
            if (step.Below is null)
            {
                step.Below = new Level();
                Steps.Add(step);
            }

            step.Below.Add(path[(dot + 1)..], number, depth + 1);
        }

        public void Forget()
        {
            foreach (var step in Steps)
                step.Value = null;
        }

        public Member? Find(ref Utf8JsonReader name)
        {
            if (!name.ValueIsEscaped)
                return (lengths >> name.ValueSpan.Length & 1) != 0 && byName.TryGetValue(name.ValueSpan, out var member) ? member : null;
            return byName.TryGetValue(Encoding.UTF8.GetBytes(name.GetString()!), out var escaped) ? escaped : null;
        }

        Member Of(string name)
        {
            var bytes = Encoding.UTF8.GetBytes(name);
            if (!members.TryGetValue(bytes, out var member))
                members.Add(bytes, member = new Member());
            lengths |= 1UL << bytes.Length;
            return member;
        }
    }

    sealed class Member
    {
        /// <summary>The path that ends here.</summary>
        public int? Path { get; set; }

        /// <summary>What paths that go on here look for.</summary>
        public Level? Below { get; set; }

        /// <summary>What the object that is looked at has under the key.</summary>
        public Range? Value { get; set; }
    }
}
