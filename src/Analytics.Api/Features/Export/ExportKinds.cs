namespace Analytics.Features.Export;

/// <summary>What can be exported.</summary>
static class ExportKinds
{
    public static readonly LogExport Log = new();

    /// <summary>Those that <c>events:read</c> is enough for.</summary>
    public static readonly IReadOnlyList<ExportKind> OfFacts =
    [
        new EventExport(), new RequestExport(), AppFactExport.Views, new InvocationExport(), AppFactExport.Devices, AppFactExport.Downloads,
        AppFactExport.Storage,
    ];

    /// <summary>What these are called.</summary>
    public static readonly IReadOnlyList<string> NamesOfFacts = [.. OfFacts.Select(kind => kind.Name)];
}
