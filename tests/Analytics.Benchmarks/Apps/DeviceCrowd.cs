namespace Analytics.Benchmarks.Apps;

/// <summary>Which devices use the apps: a few of them all the time, or each as often as every other.</summary>
/// <param name="first">The first device's number.</param>
/// <param name="count">How many there are.</param>
/// <param name="takeTurns">In an order of its own every time, each comes once before any comes again.</param>
sealed class DeviceCrowd(int first, int count, bool takeTurns)
{
    readonly int[] order = takeTurns ? [.. Enumerable.Range(0, count)] : [];
    int turn;

    public int First => first;
    public int Count => count;

    public static DeviceCrowd Usual() => new(0, AppWorld.Devices, takeTurns: false);

    public int Next(Randomness random)
    {
        if (!takeTurns)
            return first + random.Ranked(count);
        if (turn == 0)
            Shuffle(random);
        var device = order[turn];
        turn = (turn + 1) % count;
        return first + device;
    }

    void Shuffle(Randomness random)
    {
        for (var at = count - 1; at > 0; at--)
        {
            var other = random.Below(at + 1);
            (order[at], order[other]) = (order[other], order[at]);
        }
    }
}
