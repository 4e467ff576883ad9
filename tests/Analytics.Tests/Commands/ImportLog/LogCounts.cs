using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Analytics.Tests.Commands.ImportLog;

/// <summary>What others count in a log: goaccess, and the tools of every Unix.</summary>
static partial class LogCounts
{
    // Of what is no request neither method nor path is known. The path ends where the query begins.
    const string Requests = """
        awk -F'"' '{
          line = $2
          sub(/ HTTP\/[0-9.]+$/, "", line); sub(/[?#].*/, "", line)
          if (line ~ /^[A-Za-z0-9_-]+ (\/|\*$|https?:)/ || line ~ /^CONNECT ./) {
            blank = index(line, " ")
            path = substr(line, blank + 1); sub(/^https?:\/\/[^\/]*/, "", path)
            if (path !~ /^[\/*]/) path = "/" path
            print toupper(substr(line, 1, blank - 1)) " " substr(path, 1, 2048)
          } else print "INVALID *"
        }' "$0"
        """;

    // Numbers, UUIDs, ULIDs and ObjectIds, twice for two beside one another, and what is longer than any word.
    const string Endpoints = """
         | sed -E 's/ /:/
          s#/([0-9]+|[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}|[0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{24})(/|$)#/:id\3#g
          s#/([0-9]+|[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}|[0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{24})(/|$)#/:id\3#g
          s#/[^/]{65,}(/|$)#/:id\1#g'
        """;

    const string Statuses =
        "TZ=UTC goaccess - --log-format=COMBINED --no-global-config --no-progress -o \"$0.json\" < \"$0\" 2> \"$0.said\"";

    const string Counted = " | LC_ALL=C sort | uniq -c";

    public static Task<SortedDictionary<string, long>> ByRequestAsync(string log) => CountAsync(Requests + Counted, log);

    public static Task<SortedDictionary<string, long>> ByEndpointAsync(string log) => CountAsync(Requests + Endpoints + Counted, log);

    /// <summary>By day and status, as goaccess counts the lines of each day.</summary>
    public static async Task<SortedDictionary<string, long>> ByDayAndStatusAsync(string log)
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var day in (await File.ReadAllLinesAsync(log)).GroupBy(line => Day().Match(line).Value))
        {
            await File.WriteAllLinesAsync(log + ".day", day);
            await ShellAsync(Statuses, log + ".day");
            using var report = JsonDocument.Parse(await File.ReadAllTextAsync(log + ".day.json"));
            Assert.Equal(day.LongCount(), report.RootElement.GetProperty("general").GetProperty("valid_requests").GetInt64());
            var date = DateOnly.ParseExact(day.Key, "dd/MMM/yyyy", CultureInfo.InvariantCulture);
            foreach (var status in report.RootElement.GetProperty("status_codes").GetProperty("data").EnumerateArray()
                .SelectMany(family => family.GetProperty("items").EnumerateArray()))
                counts[$"{date:yyyy-MM-dd} {status.GetProperty("data").GetString()![..3]}"] =
                    status.GetProperty("hits").GetProperty("count").GetInt64();
        }

        return counts;
    }

    static async Task<SortedDictionary<string, long>> CountAsync(string script, string log)
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var line in (await ShellAsync(script, log)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.TrimStart().Split(' ', 2);
            counts[Sent(words[1])] = long.Parse(words[0], CultureInfo.InvariantCulture);
        }

        return counts;
    }

    // What nginx wrote as \xC3\xA9 was sent as two bytes of UTF-8; control characters of a path are told percent-encoded.
    static string Sent(string logged) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(Escape().Replace(logged, match =>
    {
        var code = Convert.ToByte(match.Groups["code"].Value, 16);
        return code < ' ' ? $"%{code:X2}" : $"{(char)code}";
    })));

    static async Task<string> ShellAsync(string script, string argument)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", script, argument]) { UseShellExecute = false, RedirectStandardOutput = true };
        using var shell = Process.Start(start)!;
        var output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        Assert.Equal(0, shell.ExitCode);
        return output;
    }

    [GeneratedRegex(@"\d\d/[A-Z][a-z][a-z]/\d{4}", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Day();

    [GeneratedRegex(@"\\x(?<code>[0-9A-F]{2})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Escape();
}
