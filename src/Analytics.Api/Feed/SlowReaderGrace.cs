namespace Analytics.Feed;

/// <summary>
/// A burst must not cut off clients that do read: gives them a moment, not for long to a client that stands still, and in all no
/// more than a second until nobody is behind: whoever is slower than what comes is cut off, or all would be as slow.
/// </summary>
sealed class SlowReaderGrace(TimeProvider clock)
{
    const int MostAtOnce = 20;
    const int MostOfABurst = 100;
    static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(10);

    int left = MostOfABurst;

    public async Task GiveAsync(Func<Subscriber[]> live, CancellationToken cancel)
    {
        for (var given = 0; given < MostAtOnce && left > 0; given++)
        {
            if (!Array.Exists(live(), subscriber => subscriber.IsCatchingUp()))
            {
                left = MostOfABurst;
                return;
            }

            left--;
            await Task.Delay(Moment, clock, cancel);
        }

        if (left == 0 && !Array.Exists(live(), subscriber => subscriber.IsCatchingUp()))
            left = MostOfABurst;
    }
}
