namespace Analytics.Storage.Facts;

/// <summary>What a text is that requests name, in <c>request_texts</c>.</summary>
enum RequestText : short
{
    Endpoint = 1,
    Product = 2,
    ApiKey = 3,
    UserAgent = 4,
}

/// <summary>A writer's numbers of the texts that requests name, and the endpoints of days.</summary>
sealed class RequestNames
{
    // Days that were looked at are few, unless somebody sends a history.
    const int MaxDays = 1_000;

    readonly Dictionary<RequestText, Dictionary<byte[], KnownText>> texts = [];
    readonly Dictionary<(int Day, Guid Portal), HashSet<int>> days = [];
    int count;

    /// <summary>How many there are of both.</summary>
    public int Count => count + days.Values.Sum(day => day.Count);

    public bool TryFind(RequestText kind, ReadOnlySpan<byte> text, out KnownText known) =>
        Of(kind).GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(text, out known!);

    public void Add(RequestText kind, byte[] text, KnownText known)
    {
        if (Of(kind).TryAdd(text, known))
            count++;
    }

    /// <summary>Forgets texts that may be somebody's: those of erased people are gone, and get new numbers if they come again.</summary>
    public void ForgetPeoplesTexts()
    {
        foreach (var kind in (RequestText[])[RequestText.ApiKey, RequestText.UserAgent])
            if (texts.Remove(kind, out var known))
                count -= known.Count;
    }

    /// <summary>The endpoints that count by themselves on a day, in one space; null when they are not known.</summary>
    public HashSet<int>? DayOf(int day, Guid portal) => days.GetValueOrDefault((day, portal));

    /// <summary>Takes what the store says of a day.</summary>
    public void SetDay(int day, Guid portal, HashSet<int> endpoints) => days[(day, portal)] = endpoints;

    /// <summary>Forgets all days when they are many.</summary>
    public void TrimDays()
    {
        if (days.Count > MaxDays)
            days.Clear();
    }

    Dictionary<byte[], KnownText> Of(RequestText kind) =>
        texts.TryGetValue(kind, out var known) ? known : texts[kind] = new(new WorkspaceNames.BytesComparer());
}

/// <summary>The number of a text, and the people who named it; null when that is nobody, or many.</summary>
sealed class KnownText(int number, int[]? people)
{
    public int Number => number;
    public int[]? People { get; set; } = people;
}
