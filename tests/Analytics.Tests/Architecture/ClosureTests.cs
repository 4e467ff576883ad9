using Mono.Cecil;

namespace Analytics.Tests.Architecture;

/// <summary>What hangs on a route and on what reads: the files one has to know to understand it, and that may break it.</summary>
public sealed class ClosureTests(ITestOutputHelper output)
{
    static readonly Dictionary<string, int> Max = new()
    {
        ["StatisticsController"] = 64,
        // Customers, their list, the outbox, the workspace and who may call: nothing else is among them.
        ["CustomersController"] = 15,
    };

    [Fact]
    public void A_route_hangs_on_few_files()
    {
        var files = Controllers().ToDictionary(type => type.Name, Files);
        foreach (var (name, hanging) in files)
            output.WriteLine($"{hanging.Count,4} {name}");
        foreach (var (name, max) in Max)
            Assert.True(files[name].Count <= max, $"{name} hangs on {files[name].Count} files:\n{string.Join('\n', files[name])}");
    }

    [Fact]
    public void A_reader_holds_no_background_service() => Assert.Empty(
        from reader in Readers()
        let reached = SourceGraph.OfApi.Reached(reader)
        from type in reached.Keys
        where IsHosted(type)
        select Path(reached, type));

    [Fact]
    public void What_reads_is_known_by_its_name_and_place() => Assert.Superset(
        new HashSet<string> { "TimeseriesQuery", "MetricsQuery", "EventsQuery", "EventTypesQuery", "RollupSnapshot", "StoredEvent" },
        Readers().Select(type => type.Name).ToHashSet());

    static IEnumerable<TypeDefinition> Controllers() =>
        SourceGraph.OfApi.Types.Where(type => type.Name.EndsWith("Controller", StringComparison.Ordinal)).OrderBy(type => type.Name);

    static List<string> Files(TypeDefinition type) => SourceGraph.OfApi.FilesOf(SourceGraph.OfApi.Reached(type).Keys);

    static IEnumerable<TypeDefinition> Readers() =>
        SourceGraph.OfApi.Types.Where(type => SourceGraph.OfApi.FilesOf(type).Exists(IsOfReader));

    static bool IsOfReader(string file) => file.Split('/') switch
    {
        ["Features", .., var name] => name.EndsWith("Query.cs", StringComparison.Ordinal),
        ["Reading", ..] => true,
        ["Storage", .. var folders, var name] => folders.Contains("Reading")
            || Array.Exists(["Reader.cs", "Snapshot.cs", "Lookup.cs"], ending => name.EndsWith(ending, StringComparison.Ordinal)),
        _ => false,
    };

    static bool IsHosted(TypeDefinition type) => type.Interfaces.Any(face => face.InterfaceType.Name == "IHostedService")
        || type.BaseType is { Name: "BackgroundService" } || (type.BaseType is TypeDefinition parent && IsHosted(parent));

    static string Path(Dictionary<TypeDefinition, TypeDefinition?> reached, TypeDefinition type) =>
        (reached[type] is { } by ? Path(reached, by) + " -> " : "") + type.Name;
}
