using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Analytics.PrivatePostgres;

/// <summary>One process, told apart from a later one with the same number by when it began.</summary>
sealed record ProcessMark(int ProcessId, long Began)
{
    // ESRCH: it ended between the opening of its file and the reading.
    const int Gone = 3;

    /// <summary>Whether it lives, as far as can be seen: what cannot be looked at, for want of files say, is not dead for that.</summary>
    public bool IsAlive => IsAliveBy(Of);

    internal bool IsAliveBy(Func<int, ProcessMark?> look)
    {
        try
        {
            return look(ProcessId) == this;
        }
        catch (Exception unseen) when (unseen is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    /// <summary>Null when there is no such process, or only a dead one that its parent has not collected.</summary>
    public static ProcessMark? Of(int processId) => OperatingSystem.IsLinux() ? FromProc(processId) : FromSystem(processId);

    static ProcessMark? FromProc(int processId) => FromProc(processId, File.ReadAllText);

    internal static ProcessMark? FromProc(int processId, Func<string, string> read)
    {
        try
        {
            // "123 (a name) S 1 ...": the state is field 3, the start time field 22; the name may hold anything, so count from its end.
            var line = read($"/proc/{processId}/stat");
            var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : new ProcessMark(processId, long.Parse(fields[19], CultureInfo.InvariantCulture));
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException || gone is IOException { HResult: Gone })
        {
            return null;
        }
    }

    static ProcessMark? FromSystem(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return new ProcessMark(processId, process.StartTime.Ticks);
        }
        catch (Exception problem) when (problem is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }
}
