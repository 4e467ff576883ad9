using System.Diagnostics;
using System.Runtime.Versioning;
using Analytics.Files;
using Analytics.PrivatePostgres;
using Analytics.Storage;
using Analytics.Tenancy;
using Microsoft.Extensions.Options;

namespace Analytics.Tests.Files;

/// <summary>What only this account may know stays so, and what another one prepared is not taken.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PrivateFileTests : IDisposable
{
    const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    const UnixFileMode Open = Mine | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    const UnixFileMode MyDirectory = Mine | UnixFileMode.UserExecute;

    readonly string directory = Directory.CreateTempSubdirectory("analytics-files-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void A_root_key_that_others_could_read_is_closed_to_them()
    {
        var path = Kept("root_0123456789abcdef", Open);

        Assert.Equal("root_0123456789abcdef", RootKeyIn(directory));

        Assert.Equal(Mine, File.GetUnixFileMode(path));
    }

    [Fact]
    public void A_root_key_that_is_made_up_is_closed_and_stays()
    {
        var made = RootKeyIn(directory);

        Assert.Equal(made, RootKeyIn(directory));
        Assert.Equal(Mine, File.GetUnixFileMode(Path.Combine(directory, "root-key")));
    }

    [Fact]
    public void A_short_root_key_that_was_kept_is_refused()
    {
        Kept("fifteen-letters", Mine);

        var refusal = Assert.Throws<OptionsValidationException>(() => RootKeyIn(directory));

        Assert.Contains("16", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("fifteen", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_another_account_is_refused()
    {
        var foreign = await ForeignAsync(Kept("root_0123456789abcdef", Open), "/etc/passwd");

        Assert.Throws<ForeignFileException>(() => PrivateFile.Read(foreign));
    }

    [Fact]
    public void A_file_that_is_written_anew_is_closed_whatever_was_there()
    {
        var path = Kept("before", Open);
        var link = Path.Combine(directory, "link");
        File.CreateSymbolicLink(link, path);

        PrivateFile.Write(link, "after");

        Assert.Equal("after", PrivateFile.Read(link));
        Assert.Equal(Mine, File.GetUnixFileMode(link));
        Assert.Equal("before", File.ReadAllText(path));
    }

    [Fact]
    public async Task A_directory_is_taken_only_when_it_is_closed_and_ones_own()
    {
        var fresh = Path.Combine(directory, "fresh");
        PrivateDirectory.Make(fresh, null);
        Assert.Equal(MyDirectory, File.GetUnixFileMode(fresh));
        PrivateDirectory.Make(fresh, null);

        var open = Directory.CreateDirectory(Path.Combine(directory, "open")).FullName;
        File.SetUnixFileMode(open, MyDirectory | UnixFileMode.OtherExecute);
        Assert.Throws<ForeignFileException>(() => PrivateDirectory.Make(open, null));

        var link = Path.Combine(directory, "link");
        File.CreateSymbolicLink(link, fresh);
        Assert.Throws<ForeignFileException>(() => PrivateDirectory.Make(link, null));
        File.CreateSymbolicLink(Path.Combine(directory, "astray"), Path.Combine(directory, "nowhere"));
        Assert.Throws<ForeignFileException>(() => PrivateDirectory.Make(Path.Combine(directory, "astray"), null));

        var foreign = await ForeignAsync(fresh, "/root");
        Assert.Throws<ForeignFileException>(() => PrivateDirectory.Make(foreign, null));
    }

    [Fact]
    public async Task A_socket_directory_that_somebody_prepared_is_not_taken_and_what_it_leads_to_is_left_alone()
    {
        var data = Path.Combine(directory, new string('p', 80));
        var options = new PrivateServerOptions(data) { SharedBuffersMegabytes = 64 };
        var sockets = ClusterConfiguration.SocketDirectory(Path.Combine(data, "postgres"));
        var victim = Directory.CreateDirectory(Path.Combine(directory, "victim"), MyDirectory | UnixFileMode.GroupExecute).FullName;
        Directory.CreateSymbolicLink(sockets, victim);
        try
        {
            await using var postgres = new PrivateServer(options);
            await Assert.ThrowsAsync<ForeignFileException>(() => postgres.StartAsync(TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(sockets);
        }

        Assert.Equal(MyDirectory | UnixFileMode.GroupExecute, File.GetUnixFileMode(victim));
        Assert.Equal(Listing.Of(directory)!.UserId, Listing.Of(victim)!.UserId);
    }

    string Kept(string text, UnixFileMode mode)
    {
        var path = Path.Combine(directory, "root-key");
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, mode);
        return path;
    }

    static string RootKeyIn(string directory) =>
        new RootKey(Options.Create(new AccessOptions()), Options.Create(new DataDirectoryOptions { Path = directory })).Text;

    /// <summary>Root gives its own away; who is not root finds one that is root's.</summary>
    static async Task<string> ForeignAsync(string own, string roots)
    {
        if (!Environment.IsPrivilegedProcess)
            return roots;
        using var give = Process.Start("chown", ["65534", own]);
        await give.WaitForExitAsync();
        return own;
    }
}
