using System.Security.Cryptography;

namespace Analytics.Client.Delivery;

/// <summary>Ids that no other process gives, and this one once: chance and a number.</summary>
static class FactIds
{
    static readonly string Process = RandomNumberGenerator.GetHexString(20, lowercase: true);
    static long last;

    public static string Next() => Text(NextNumber());

    /// <summary>A number takes less room than its text, while a fact waits.</summary>
    public static long NextNumber() => Interlocked.Increment(ref last);

    public static string Text(long number) => $"{Process}-{number:x}";
}
