using System.Diagnostics;
using Analytics.PrivatePostgres;

namespace Analytics.Tests.Storage;

public sealed class ProcessMarkTests
{
    static readonly ProcessMark Living = ProcessMark.Of(Environment.ProcessId)!;

    // What the system says when there are no files left, of the process or of the machine, and when it does not let us look.
    static readonly Exception[] Unseen =
        [new IOException("Too many open files", 24), new IOException("Too many open files in system", 23), new UnauthorizedAccessException()];

    // No such file; ended just before it was read; no such directory.
    static readonly Exception[] Gone = [new FileNotFoundException(), new IOException("No such process", 3), new DirectoryNotFoundException()];

    [Fact]
    public void A_process_that_cannot_be_looked_at_is_not_dead() => Assert.All(
        Unseen, why => Assert.True(Living.IsAliveBy(id => ProcessMark.FromProc(id, _ => throw why)), why.Message));

    [Fact]
    public void One_that_is_not_there_is() => Assert.All(
        Gone, why => Assert.False(Living.IsAliveBy(id => ProcessMark.FromProc(id, _ => throw why)), why.Message));

    [Fact]
    public void One_that_ended_is_and_so_is_one_whose_number_is_anothers()
    {
        using var brief = Process.Start("sleep", "60");
        var mark = ProcessMark.Of(brief.Id)!;
        Assert.True(mark.IsAlive);
        Assert.False((mark with { Began = mark.Began - 1 }).IsAlive);

        brief.Kill();
        brief.WaitForExit();

        Assert.False(mark.IsAlive);
    }
}
