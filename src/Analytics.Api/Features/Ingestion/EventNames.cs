using System.Text;
using Analytics.Storage;

namespace Analytics.Features.Ingestion;

/// <summary>A valid event name and what follows from it.</summary>
sealed record EventName(string Text, byte[] Utf8, ReservedName? Reserved, bool NeedsCustomer, bool ServicesOwn);

/// <summary>
/// Names seen lately, so that an event costs neither a new string nor a look at the catalogues. Bounded: a name that
/// falls on a taken place replaces what was there, and only costs its making again.
/// </summary>
static class EventNames
{
    /// <summary>Things that happen to no customer, or before there is one.</summary>
    static readonly string[] NeedNoCustomer =
    [
        "storefront.", "mcp.", "login.", "sso.", "api_key.", "deploy.", "health_check.", "service.", "sync.", "gen_ai.", "log.",
    ];

    static readonly EventName?[] Seen = new EventName?[4_096];

    /// <summary>The name when it was seen before; every name kept is valid.</summary>
    public static EventName? Find(ReadOnlySpan<byte> utf8)
    {
        var name = Seen[Place(utf8)];
        return name is not null && utf8.SequenceEqual(name.Utf8) ? name : null;
    }

    public static EventName Keep(ReadOnlySpan<byte> utf8)
    {
        var text = Encoding.UTF8.GetString(utf8);
        var reserved = ReservedNames.Find(text);
        var needsCustomer = reserved is null && !Array.Exists(NeedNoCustomer, prefix => text.StartsWith(prefix, StringComparison.Ordinal));
        var name = new EventName(text, utf8.ToArray(), reserved, needsCustomer, OwnNames.Events.Contains(text));
        Seen[Place(utf8)] = name;
        return name;
    }

    static int Place(ReadOnlySpan<byte> utf8)
    {
        var hash = 2166136261u;
        foreach (var unit in utf8)
            hash = (hash ^ unit) * 16777619u;
        return (int)(hash ^ hash >> 15) & (Seen.Length - 1);
    }
}
