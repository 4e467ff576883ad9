using System.Text.RegularExpressions;
using Mono.Cecil;

namespace Analytics.Tests.Architecture;

public sealed partial class LayersTests
{
    const int LongestFile = 250;
    const int LongestLine = 140;

    /// <summary>What each room may know besides itself. Program and the commands stand on them all, and none of them knows these.</summary>
    static readonly Dictionary<string, string[]> Knows = new()
    {
        ["Time"] = [],
        ["Sketches"] = [],
        ["Sharing"] = [],
        ["Contract"] = ["Sharing"],
        ["Files"] = [],
        ["PrivatePostgres"] = ["Files"],
        ["Storage"] = ["Sharing", "Sketches", "Time"],
        ["Http"] = ["Contract", "Sharing", "Storage", "Sketches", "Time"],
        ["Tenancy"] = ["Files", "Contract", "Storage", "Sketches", "Time"],
        ["Web"] = ["Contract", "Http"],
        ["Reading"] = ["Http", "Storage", "Sketches", "Time"],
        ["AppDatabases"] = ["Contract", "Storage"],
        ["Feed"] = ["Reading", "Sharing", "Storage", "Sketches", "Time"],
        ["Features"] = ["AppDatabases", "Tenancy", "Feed", "Reading", "Http", "Contract", "Sharing", "Storage", "Sketches", "Time"],
    };

    [Fact]
    public void Foundations_know_nothing_of_what_stands_on_them() => Assert.Empty(
        from use in Uses()
        where Knows.TryGetValue(use.From[0], out var known) && use.To[0] != use.From[0] && !known.Contains(use.To[0])
        select use.Text);

    [Fact]
    public void No_feature_uses_another() => Assert.Empty(
        from use in Uses()
        where use is { From: ["Features", ..], To: ["Features", ..] } && use.From[1] != use.To[1]
        select use.Text);

    [Fact]
    public void A_file_stands_in_the_room_of_its_name() => Assert.Empty(
        from type in SourceGraph.OfApi.Types
        from file in SourceGraph.OfApi.FilesOf(type)
        where Room(type)[0] != (file.Split('/') is [var folder, _, ..] ? folder : Root)
        select $"{type.FullName} stands in {file}");

    [Fact]
    public void No_file_is_longer_than_a_reader_can_hold() => Assert.Empty(
        from file in SourceFiles.All()
        let lines = SourceFiles.Read(file).Count(c => c == '\n')
        where lines > LongestFile
        select $"{file} has {lines} lines");

    [Fact]
    public void No_line_is_longer_than_a_screen_shows() => Assert.Empty(
        from file in SourceFiles.All()
        from line in SourceFiles.Read(file).Split('\n').Index()
        where line.Item.Length > LongestLine
        select $"{file}:{line.Index + 1} has {line.Item.Length} characters");

    [Fact]
    public void Files_are_named_for_the_question_they_answer() => Assert.Empty(
        from file in SourceFiles.All()
        where VagueName().IsMatch(Path.GetFileNameWithoutExtension(file))
        select file);

    const string Root = "Program";

    // Types show what has no using, such as Tenancy.Scopes in a file of Analytics.Http; usings show constants, which the compiler copies.
    static IEnumerable<(string[] From, string[] To, string Text)> Uses() => UsesOfTypes().Concat(UsesInText());

    static IEnumerable<(string[] From, string[] To, string Text)> UsesOfTypes() =>
        from type in SourceGraph.OfApi.Types
        from used in SourceGraph.OfApi.UsedBy(type)
        where used.Namespace.StartsWith("Analytics", StringComparison.Ordinal)
        select (Room(type), Room(used), $"{type.FullName} uses {used.FullName}");

    static IEnumerable<(string[] From, string[] To, string Text)> UsesInText() =>
        from file in SourceFiles.All()
        from match in Reference().Matches(SourceFiles.Read(file))
        let used = match.Groups["used"].Value
        select (file.Split('/'), used.Split('.'), $"{file} uses {used}");

    static string[] Room(TypeDefinition type) => type.Namespace.Split('.') is [_, .. { Length: > 0 } rooms] ? rooms : [Root];

    [GeneratedRegex(
        @"\bAnalytics\.(?<used>(Features\.\w+|AppDatabases|Commands|Tenancy|Feed|Http|Contract|Files|Sharing|PrivatePostgres|Reading|Storage"
            + @"|Sketches|Time|Web))\b",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Reference();

    [GeneratedRegex("(Manager|Helper|Util|Utils|Service|Base|Impl|Dto|Common)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex VagueName();
}
