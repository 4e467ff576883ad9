using System.Diagnostics;
using System.Globalization;

namespace Analytics.Benchmarks;

/// <summary>Processor seconds used so far: by the service, by every process of Postgres, by this program.</summary>
public readonly record struct CpuSeconds(double Service, double Postgres, double Client)
{
    public static CpuSeconds operator -(CpuSeconds later, CpuSeconds earlier) =>
        new(later.Service - earlier.Service, later.Postgres - earlier.Postgres, later.Client - earlier.Client);

    public static CpuSeconds operator +(CpuSeconds one, CpuSeconds other) =>
        new(one.Service + other.Service, one.Postgres + other.Postgres, one.Client + other.Client);

    /// <summary>The service and its Postgres together.</summary>
    public double Server => Service + Postgres;

    public string Describe(double seconds) => string.Create(
        CultureInfo.InvariantCulture,
        $"cores: service {Service / seconds:0.00}, postgres {Postgres / seconds:0.00}, client {Client / seconds:0.00}");
}

/// <summary>What Linux tells about processes; zeros elsewhere.</summary>
public static class ProcessFigures
{
    // The kernel's USER_HZ, 100 on every architecture .NET runs on.
    const double Ticks = 100;

    public static CpuSeconds Cpu(int? service, int? postmaster) => new(
        service is { } pid ? OwnTicks(Stat(pid)) / Ticks : 0,
        postmaster is { } head ? FamilyTicks(head) / Ticks : 0,
        Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds);

    public static double ResidentMegabytes(int pid) => Status(pid, "VmRSS:") / 1024.0;

    public static double PeakMegabytes(int pid) => Status(pid, "VmHWM:") / 1024.0;

    /// <summary>From now on the peak is that of what follows; where this is not allowed it stays that since the start.</summary>
    public static void ForgetPeak(int pid)
    {
        try
        {
            File.WriteAllText($"/proc/{pid}/clear_refs", "5");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // The higher figure is the honest one then.
        }
    }

    /// <summary>The parent of a Postgres process; null when it is not on this machine.</summary>
    public static int? ParentOf(int pid) =>
        Stat(pid) is { } stat && Name(pid) == "postgres" ? int.Parse(stat[1], CultureInfo.InvariantCulture) : null;

    // Finished children are in the parent's own account, so that connections that came and went count too.
    static double FamilyTicks(int head)
    {
        var total = Stat(head) is { } parent ? OwnTicks(parent) + Number(parent[13]) + Number(parent[14]) : 0;
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(directory), out var pid) && Stat(pid) is { } stat && stat[1] == $"{head}")
                total += OwnTicks(stat);
        return total;
    }

    static double OwnTicks(string[]? stat) => stat is null ? 0 : Number(stat[11]) + Number(stat[12]);

    /// <summary>The fields of /proc/pid/stat from the state on: what stands before it may hold blanks.</summary>
    static string[]? Stat(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    static string? Name(int pid) => File.Exists($"/proc/{pid}/comm") ? File.ReadAllText($"/proc/{pid}/comm").Trim() : null;

    static double Status(int pid, string field)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
            return Number(line[field.Length..].Replace("kB", "", StringComparison.Ordinal).Trim());
        }
        catch (IOException)
        {
            return 0;
        }
    }

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
