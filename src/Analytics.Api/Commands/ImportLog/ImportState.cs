using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Analytics.Commands.ImportLog;

/// <summary>
/// A small file that says up to where a log is in one workspace of one service, so that the next run need not send that again. It is
/// believed only for a log that is the same up to there; without it, or with a wrong one, all is sent and what was there is told so.
/// </summary>
sealed class ImportState(ImportOptions options)
{
    // A key stands for its workspace: with another key all is sent once more, and counts once.
    readonly string target = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{options.Service} {options.Key}")))[..32];
    bool isOff = options.State.Length == 0;

    /// <summary>Null when there is none for this service and key.</summary>
    public LogPlace? Read()
    {
        if (isOff || !File.Exists(options.State))
            return null;
        var words = File.ReadAllText(options.State).Split(' ', '\n');
        return words is [var of, var offset, var line, var hash, ..] && of == target
            && long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            && long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && UInt128.TryParse(hash, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
                ? new LogPlace(bytes, number, value) : null;
    }

    /// <summary>Whole or not at all. Null, or why there is nothing to be remembered in; then it is not tried again.</summary>
    public string? Write(LogPlace place)
    {
        if (isOff)
            return null;
        try
        {
            File.WriteAllText(options.State + ".new", string.Create(
                CultureInfo.InvariantCulture, $"{target} {place.Offset} {place.Line} {place.Hash:x32}\n"));
            File.Move(options.State + ".new", options.State, overwrite: true);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            isOff = true;
            return $"Not remembered how far this is: {failure.Message} Say --state to remember it elsewhere.";
        }
    }
}
