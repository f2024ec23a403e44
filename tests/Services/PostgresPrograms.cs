namespace MedGenCluster.Services;

/// <summary>The programs of an installed PostgreSQL, and as whom they run: the server refuses to be root's.</summary>
internal static class PostgresPrograms
{
    private const string Account = "postgres";

    private const string DebianRoot = "/usr/lib/postgresql";

    private static readonly string? Home = Candidates().FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));

    public static string? Missing()
    {
        if (Home is null)
        {
            return "There is no PostgreSQL; install Debian's package postgresql.";
        }

        var hasAccount = File.Exists("/etc/passwd") && File.ReadLines("/etc/passwd").Any(line => line.StartsWith(Account + ":", StringComparison.Ordinal));
        return Environment.IsPrivilegedProcess && !hasAccount
            ? $"PostgreSQL does not run as root, and there is no user {Account} to run it as; install Debian's package postgresql or run the tests as another user."
            : null;
    }

    /// <summary>Makes a cluster of databases in <c>data</c> of a folder, which goes to the user that the server runs as.</summary>
    public static async Task InitialiseAsync(string folder, string superuser)
    {
        if (Environment.IsPrivilegedProcess)
        {
            await ServiceFolder.RunAsync(["chown", $"{Account}:", folder]).ConfigureAwait(false);
        }

        await ServiceFolder.RunAsync([.. AsAccount(), Path.Combine(Home!, "initdb"), "--pgdata", Path.Combine(folder, "data"), "--username", superuser, "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync"])
            .ConfigureAwait(false);
    }

    public static IEnumerable<string> Server(string folder, IEnumerable<string> settings) =>
        [.. AsAccount(), Path.Combine(Home!, "postgres"), "-D", Path.Combine(folder, "data"), .. settings.SelectMany(setting => (string[])["-c", setting])];

    /// <summary>Folders that may hold the programs: the one that is named, then Debian's, the newest version first.</summary>
    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("MEDGEN_POSTGRES_BIN") is { Length: > 0 } named)
        {
            yield return named;
        }

        var versions = Directory.Exists(DebianRoot) ? Directory.GetDirectories(DebianRoot) : [];
        foreach (var version in versions.OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var number) ? number : 0))
        {
            yield return Path.Combine(version, "bin");
        }
    }

    private static string[] AsAccount() =>
        Environment.IsPrivilegedProcess ? ["setpriv", $"--reuid={Account}", $"--regid={Account}", "--init-groups"] : [];
}
