using Mono.Cecil;

namespace Analytics.Tests.Architecture;

/// <summary>
/// Which source files a type needs, read off the built assembly: everything a signature, an attribute or a body names, and what
/// that names in turn. An interface or a delegate leads to itself, not to what stands behind it. Constants are copied by the
/// compiler and lead nowhere.
/// </summary>
sealed class SourceGraph
{
    public static readonly SourceGraph OfApi = new(typeof(AnalyticsApp).Assembly.Location);

    readonly Dictionary<TypeDefinition, HashSet<TypeDefinition>> used;
    readonly ILookup<TypeDefinition, string> files;

    SourceGraph(string assembly)
    {
        var module = ModuleDefinition.ReadModule(assembly, new ReaderParameters { ReadSymbols = true });
        used = module.Types.ToDictionary(type => type, type => TypeReferences.Of(type).ToHashSet());
        files = SourceFiles.Of(module);
    }

    /// <summary>The types that somebody wrote, nested ones apart.</summary>
    public IEnumerable<TypeDefinition> Types => used.Keys.Where(files.Contains);

    /// <summary>The types that it names.</summary>
    public IEnumerable<TypeDefinition> UsedBy(TypeDefinition type) => used[type];

    /// <summary>Itself, the types that it names, those that they name, and so on; each with the one that named it first.</summary>
    public Dictionary<TypeDefinition, TypeDefinition?> Reached(TypeDefinition from)
    {
        var reached = new Dictionary<TypeDefinition, TypeDefinition?> { [from] = null };
        var waiting = new Queue<TypeDefinition>([from]);
        while (waiting.TryDequeue(out var type))
            foreach (var next in used[type])
                if (reached.TryAdd(next, type))
                    waiting.Enqueue(next);
        return reached;
    }

    /// <summary>The files of the types, by their paths below the project, in order.</summary>
    public List<string> FilesOf(params IEnumerable<TypeDefinition> types) =>
        [.. types.SelectMany(type => files[type]).Distinct().Order(StringComparer.Ordinal)];
}
