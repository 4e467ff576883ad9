using System.Buffers.Text;

namespace Analytics.Benchmarks.Apps;

/// <summary>Writes a list of facts of an app as the request that tells of them.</summary>
sealed class AppsPost(string key, IReadOnlyList<Guid> apps)
{
    const int UuidLength = 36;
    readonly JsonPost post = new("/", key);
    AppList list = AppList.Views;
    int facts;

    Utf8Text Body => post.Body;

    public void Start(int app, AppList of)
    {
        (list, facts) = (of, 0);
        post.Path = $"/api/apps/{apps[app]}/{of.Route}";
        post.Start();
        Body.Add("{\""u8);
        Body.Add(System.Text.Encoding.ASCII.GetBytes(of.Member));
        Body.Add("\":["u8);
    }

    public void Add(in SampleFact sample)
    {
        Body.Add(facts++ == 0 ? "{\""u8 : ",{\""u8);
        if (list == AppList.Invocations)
            AddInvocation(sample);
        else
            AddWhoAndBytes(sample);
        Body.Time(sample.Timestamp);
        if (sample.ExternalId is { } id)
        {
            Body.Add("\",\"externalId\":\""u8);
            AddUuid(id);
        }

        Body.Add("\"}"u8);
    }

    /// <summary>The request, valid until the next <see cref="Start"/>.</summary>
    public WireRequest Finish()
    {
        Body.Add("]}"u8);
        return new(post.Finish(), facts);
    }

    public static void AddPath(Utf8Text text, in SampleFact sample)
    {
        text.Add(AppWorld.Paths[sample.Route].Start);
        text.Number(sample.Thing);
        text.Add(AppWorld.Paths[sample.Route].End);
    }

    public static void AddUser(Utf8Text text, int user)
    {
        text.Add("user."u8);
        text.Digits(user, 3);
    }

    void AddWhoAndBytes(in SampleFact sample)
    {
        if (sample.Who != SampleFact.Nobody && list == AppList.Views)
        {
            Body.Add("viewerId\":\"viewer-"u8);
            Body.Digits(sample.Who, 6);
            Body.Add("\",\""u8);
        }
        else if (sample.Who != SampleFact.Nobody)
        {
            Body.Add("deviceId\":\""u8);
            AddUuid(AppWorld.DeviceId(sample.Who));
            Body.Add("\",\""u8);
        }

        if (list == AppList.Downloads || list == AppList.Changes)
        {
            Body.Add("bytes\":"u8);
            Body.Number(sample.Amount);
            Body.Add(",\""u8);
        }

        Body.Add("timestamp\":\""u8);
    }

    void AddInvocation(in SampleFact sample)
    {
        Body.Add("method\":\""u8);
        Body.Add(AppWorld.Methods[sample.Route]);
        Body.Add("\",\"path\":\""u8);
        AddPath(Body, sample);
        Body.Add("\",\"username\":"u8);
        if (sample.Who == SampleFact.Nobody)
            Body.Add("null"u8);
        else
        {
            Body.Add("\""u8);
            AddUser(Body, sample.Who);
            Body.Add("\""u8);
        }

        Body.Add(",\"durationMs\":"u8);
        Body.Number(sample.Duration / 1_000);
        Body.Add("."u8);
        Body.Digits(sample.Duration % 1_000, 3);
        Body.Add(",\"statusCode\":"u8);
        Body.Number(sample.Status);
        Body.Add(",\"memoryPeakBytes\":"u8);
        Body.Number(sample.Amount);
        if (sample.Error is { } error)
        {
            Body.Add(",\"error\":\""u8);
            Body.Add(AppWorld.Errors[error]);
            Body.Add("\""u8);
        }

        Body.Add(",\"startedAt\":\""u8);
    }

    void AddUuid(Guid id) => Utf8Formatter.TryFormat(id, Body.Reserve(UuidLength), out _);
}
