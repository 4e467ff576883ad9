namespace Analytics.Benchmarks;

/// <summary>The most memory the service had resident since the watch began; the kernel keeps that figure.</summary>
public sealed class MemoryWatch
{
    readonly int pid;

    public MemoryWatch(int pid)
    {
        this.pid = pid;
        ProcessFigures.ForgetPeak(pid);
    }

    public double PeakMegabytes => ProcessFigures.PeakMegabytes(pid);
}
