using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Analytics.Tests.Architecture;

public sealed partial class LayersTests
{
    const int LongestFile = 300;

    /// <summary>What each layer may know besides itself.</summary>
    static readonly Dictionary<string, string[]> Knows = new()
    {
        ["Time"] = [],
        ["Sketches"] = [],
        ["PrivatePostgres"] = [],
        ["Storage"] = ["Sketches", "Time"],
        ["Http"] = ["Storage", "Sketches", "Time", "Tenancy"],
        ["Tenancy"] = ["Storage", "Sketches", "Time", "Http"],
        ["Feed"] = ["Storage", "Sketches", "Time"],
        ["Features"] = ["Tenancy", "Feed", "Http", "Storage", "Sketches", "Time"],
    };

    [Fact]
    public void Foundations_know_nothing_of_what_stands_on_them() => Assert.Empty(
        from file in Sources()
        let layer = file.Parts[0]
        where Knows.ContainsKey(layer)
        from used in Used(file.Text)
        where Knows.ContainsKey(used[0]) && used[0] != layer && !Knows[layer].Contains(used[0])
        select $"{file.Name} uses {string.Join('.', used)}");

    [Fact]
    public void No_feature_uses_another() => Assert.Empty(
        from file in Sources()
        where file.Parts is ["Features", ..]
        from used in Used(file.Text)
        where used is ["Features", ..] && used[1] != file.Parts[1]
        select $"{file.Name} uses {string.Join('.', used)}");

    [Fact]
    public void No_file_is_longer_than_a_reader_can_hold() => Assert.Empty(
        from file in Sources()
        let lines = file.Text.Count(c => c == '\n')
        where lines > LongestFile
        select $"{file.Name} has {lines} lines");

    [Fact]
    public void Files_are_named_for_the_question_they_answer() => Assert.Empty(
        from file in Sources()
        where VagueName().IsMatch(Path.GetFileNameWithoutExtension(file.Name))
        select file.Name);

    static IEnumerable<string[]> Used(string text) =>
        Reference().Matches(text).Select(match => match.Groups["used"].Value.Split('.'));

    static IEnumerable<(string Name, string[] Parts, string Text)> Sources()
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(SourceFile())!, "../../../src/Analytics.Api"));
        foreach (var path in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(root, path).Replace('\\', '/');
            if (!name.StartsWith("obj/", StringComparison.Ordinal) && !name.StartsWith("bin/", StringComparison.Ordinal))
                yield return (name, name.Split('/'), File.ReadAllText(path));
        }
    }

    static string SourceFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex(
        @"\bAnalytics\.(?<used>(Features\.\w+|Tenancy|Feed|Http|PrivatePostgres|Storage|Sketches|Time))\b",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Reference();

    [GeneratedRegex("(Manager|Helper|Util|Utils|Service|Base|Impl|Dto|Common)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex VagueName();
}
