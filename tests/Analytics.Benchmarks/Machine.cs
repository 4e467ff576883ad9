using System.Runtime.InteropServices;

namespace Analytics.Benchmarks;

/// <summary>What the figures were measured on.</summary>
public sealed record Machine(int Cores, string Processor, double MemoryGigabytes, string System, string Runtime)
{
    const string ModelName = "model name";

    public static Machine This { get; } = new(
        Environment.ProcessorCount,
        ProcessorModel(),
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30),
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription);

    /// <summary>What else runs here, as Linux counts it: how many programs wanted a processor at once in the last minute.</summary>
    public static string Load => File.Exists("/proc/loadavg") ? $"load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}" : "load unknown";

    public override string ToString() => $"{Cores} cores ({Processor}), {MemoryGigabytes:0} GB of memory, {System}, {Runtime}";

    // Linux on x64 names the model; elsewhere the architecture has to do.
    static string ProcessorModel() =>
        File.Exists("/proc/cpuinfo")
        && File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith(ModelName, StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : $"{RuntimeInformation.OSArchitecture}";
}
