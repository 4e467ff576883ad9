using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Runtime.CompilerServices;
using ModuleDefinition = Mono.Cecil.ModuleDefinition;
using TypeDefinition = Mono.Cecil.TypeDefinition;

namespace Analytics.Tests.Architecture;

/// <summary>The source files below src/Analytics.Api, and which types stand in them as the debug information says.</summary>
static class SourceFiles
{
    public static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../../src/Analytics.Api"));

    // How the compiler marks the documents of a type without bodies: an interface, an enum, constants.
    static readonly Guid TypeDocuments = new("932e74bc-dba9-4478-8d46-0f32a7bab3d3");

    /// <summary>The files of each outermost type, that of nested types among them; what a generator wrote is in none.</summary>
    public static ILookup<TypeDefinition, string> Of(ModuleDefinition module) => OfBodies(module).Concat(WithoutBodies(module)).Distinct()
        .Select(pair => (pair.Type, Path: Path.GetRelativePath(Root, pair.Path).Replace('\\', '/')))
        .Where(pair => IsWritten(pair.Path))
        .ToLookup(pair => pair.Type, pair => pair.Path);

    /// <summary>Every file, by its path below the root.</summary>
    public static IEnumerable<string> All() => Directory.EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
        .Where(IsWritten);

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    // What generators write lies nowhere or in obj.
    static bool IsWritten(string path) => path.Split('/')[0] is not (".." or "obj" or "bin");

    static IEnumerable<(TypeDefinition Type, string Path)> OfBodies(ModuleDefinition module) =>
        from type in module.Types
        from part in type.SelfAndNested()
        from method in part.Methods
        from point in method.DebugInformation.SequencePoints
        select (type, point.Document.Url);

    static List<(TypeDefinition Type, string Path)> WithoutBodies(ModuleDefinition module)
    {
        using var symbols = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.ChangeExtension(module.FileName, "pdb")));
        var reader = symbols.GetMetadataReader();
        return
        [
            .. from handle in reader.CustomDebugInformation
               let information = reader.GetCustomDebugInformation(handle)
               where reader.GetGuid(information.Kind) == TypeDocuments
               let type = (TypeDefinition)module.LookupToken(MetadataTokens.GetToken(information.Parent))
               from document in Documents(reader.GetBlobReader(information.Value))
               select (type.Outermost(), reader.GetString(reader.GetDocument(document).Name)),
        ];
    }

    static List<DocumentHandle> Documents(BlobReader numbers)
    {
        var documents = new List<DocumentHandle>();
        while (numbers.RemainingBytes > 0)
            documents.Add(MetadataTokens.DocumentHandle(numbers.ReadCompressedInteger()));
        return documents;
    }

    static string ThisFile([CallerFilePath] string path = "") => path;
}
