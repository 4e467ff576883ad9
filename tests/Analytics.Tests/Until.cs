using System.Diagnostics;

namespace Analytics.Tests;

/// <summary>Tests wait until something is so, never for a time that ought to be enough.</summary>
public static class Until
{
    /// <summary>Longer than anything takes on a busy machine: who waits so long waits in vain.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static Task HoldsAsync(Func<bool> isSo, string otherwise) => HoldsAsync(() => Task.FromResult(isSo()), () => otherwise);

    public static Task HoldsAsync(Func<Task<bool>> isSo, string otherwise) => HoldsAsync(isSo, () => otherwise);

    /// <summary>Looks again and again; fails with what is wrong when it is not so in two minutes.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> isSo, Func<string> otherwise)
    {
        for (var clock = Stopwatch.StartNew(); !await isSo(); await Task.Delay(20))
            if (clock.Elapsed >= Patience)
                Assert.Fail(otherwise());
    }
}
