using System.Text.RegularExpressions;

namespace Analytics.Tests.Web;

/// <summary>A copy of the built page that a service reads afresh, and that changes like one that is upgraded.</summary>
sealed partial class BuiltPage : IDisposable
{
    const string Ending = ".js";
    const int Hashed = 8 + 3;

    BuiltPage(string folder) => Folder = folder;

    public string Folder { get; }

    public static BuiltPage Copy()
    {
        var folder = Directory.CreateTempSubdirectory("analytics-web-").FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "web")))
            if (Path.GetExtension(file) is not (".br" or ".gz"))
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        return new BuiltPage(folder);
    }

    /// <summary>Every script gets another hash, in its name and wherever it is named: the old names are gone.</summary>
    public void Upgrade()
    {
        foreach (var file in Directory.GetFiles(Folder).Where(IsText))
        {
            var text = Script().Replace(File.ReadAllText(file), found => Renamed(found.Value));
            File.Delete(file);
            File.WriteAllText(Path.Combine(Folder, Script().Replace(Path.GetFileName(file), found => Renamed(found.Value))), text);
        }
    }

    /// <summary>The scripts whose names begin so are gone, though others name them.</summary>
    public void Lose(string start)
    {
        foreach (var file in Directory.GetFiles(Folder, start + "*.js"))
            File.Move(file, file + ".lost");
        var manifest = Path.Combine(Folder, "manifest.json");
        File.WriteAllText(manifest, Regex.Replace(File.ReadAllText(manifest), $"\"{start}[^\"]*\",", "", RegexOptions.None, TimeSpan.FromSeconds(1)));
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    static bool IsText(string file) => Path.GetExtension(file) is ".js" or ".html" or ".json";

    static string Renamed(string name) => $"{name[..^Hashed]}{name[^(Hashed - 1)..^Ending.Length]}{name[^Hashed]}{Ending}";

    [GeneratedRegex(@"[\w-]+-[A-Z0-9]{8}\.js", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Script();
}
