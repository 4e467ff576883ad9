using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;

namespace Analytics.Tests.Oracle.Apps;

/// <summary>An app as a test made it.</summary>
sealed class ToldApp(WorkspaceClient workspace, Guid id, string naturalId)
{
    public WorkspaceClient Workspace => workspace;
    public Guid Id => id;
    public string NaturalId => naturalId;
    public bool IsDeleted { get; set; }

    /// <summary>What it may store; so much unless it was told otherwise.</summary>
    public long Quota { get; set; } = 1_073_741_824;
}

/// <summary>What an app was told to have happened, at a microsecond.</summary>
abstract record ToldFact(ToldApp App, DateTimeOffset At)
{
    /// <summary>Under which the same fact may be sent again.</summary>
    public string? ExternalId { get; init; }

    /// <summary>How the timestamp is written: with an offset, or with digits that are cut.</summary>
    public string? Written { get; init; }

    public DateOnly Day => DateOnly.FromDateTime(At.UtcDateTime);

    /// <summary>The last piece of the route that takes it.</summary>
    public abstract string Route { get; }

    /// <summary>What the list of them is called in a body.</summary>
    public virtual string List => Route;

    protected virtual string TimeMember => "timestamp";

    public JsonObject ToJson()
    {
        var json = Members();
        json[TimeMember] = Written ?? At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        if (ExternalId is not null)
            json["externalId"] = ExternalId;
        return json;
    }

    protected abstract JsonObject Members();

    protected static JsonNode Number(BigInteger number) => JsonNode.Parse($"{number}")!;
}

sealed record ToldView(ToldApp App, DateTimeOffset At, string? Viewer) : ToldFact(App, At)
{
    public override string Route => "views";

    protected override JsonObject Members() => Viewer is null ? [] : new() { ["viewerId"] = Viewer };
}

sealed record ToldInvocation(ToldApp App, DateTimeOffset At, string Path, int DurationMs, int Status, long Memory, string? Error)
    : ToldFact(App, At)
{
    public override string Route => "invocations";

    protected override string TimeMember => "startedAt";

    public bool IsFailed => Error is not null || Status >= 500;

    public string Method => Status % 2 == 0 ? "GET" : "POST";

    public string Username => $"user.{DurationMs % 7}";

    protected override JsonObject Members()
    {
        var json = new JsonObject
        {
            ["method"] = Method, ["path"] = Path, ["username"] = Username, ["durationMs"] = DurationMs, ["statusCode"] = Status,
            ["memoryPeakBytes"] = Memory,
        };
        if (Error is not null)
            json["error"] = Error;
        return json;
    }
}

sealed record ToldDevice(ToldApp App, DateTimeOffset At, string Device) : ToldFact(App, At)
{
    public override string Route => "devices";

    /// <summary>Upper and lower case are one device.</summary>
    public string Who => Device.ToLowerInvariant();

    protected override JsonObject Members() => new() { ["deviceId"] = Device };
}

sealed record ToldDownload(ToldApp App, DateTimeOffset At, BigInteger Bytes, string? Device = null) : ToldFact(App, At)
{
    public override string Route => "downloads";

    protected override JsonObject Members()
    {
        var json = new JsonObject { ["bytes"] = Number(Bytes) };
        if (Device is not null)
            json["deviceId"] = Device;
        return json;
    }
}

sealed record ToldChange(ToldApp App, DateTimeOffset At, BigInteger Bytes) : ToldFact(App, At)
{
    public override string Route => "storage";

    public override string List => "changes";

    protected override JsonObject Members() => new() { ["bytes"] = Number(Bytes) };
}
