namespace Analytics.PrivatePostgres;

/// <summary>
/// A cluster's directory as its account reaches it. Under a parent closed to that account (a clone in /root) the path leads nowhere
/// for it; then its programs inherit the opened directory as file 9, and that file's name is theirs for it.
/// </summary>
sealed record ClusterPlace(string Directory, string Name, ServerAccount Account)
{
    const string Inherited = "/proc/self/fd/9";

    public static async Task<ClusterPlace> OfAsync(string directory, ServerAccount account, CancellationToken cancel)
    {
        if (account.UserId is null || (await account.RunAsync(new Command("/bin/sh", "-c", "cd \"$0\"", directory), cancel)).Succeeded)
            return new ClusterPlace(directory, directory, account);
        return OperatingSystem.IsLinux() ? new ClusterPlace(directory, Inherited, account) : throw new PrivateServerException(
            $"The account that runs Postgres (user {account.UserId}) cannot reach {directory}. Set ANALYTICS_DATA_DIR to one it can.");
    }

    /// <summary>Runs a program that is told <see cref="Name"/> as the data directory.</summary>
    public Task<CommandOutcome> RunAsync(Command command, CancellationToken cancel) => Account.RunAsync(
        Name == Directory ? command : command with
        {
            Program = "/bin/sh",
            // The programs look for themselves by leaving their working directory and coming back, so it must be one they can return to.
            Arguments = ["-c", "exec 9< . && cd / && exec \"$0\" \"$@\"", command.Program, .. command.Arguments],
            WorkingDirectory = Directory,
        },
        cancel);
}
