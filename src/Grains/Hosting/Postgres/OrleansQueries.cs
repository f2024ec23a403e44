using System.Reflection;

namespace MedGenCluster.Grains.Hosting.Postgres;

/// <summary>The statements of this folder's files: the tables, and the queries that the provider asks for by key.</summary>
internal static class OrleansQueries
{
    private const string Header = "-- key: ";

    private static readonly string[] QueryFiles = ["Membership.sql", "GrainState.sql", "Reminders.sql"];

    /// <summary>Statements that make the tables where they are missing.</summary>
    public static string Tables { get; } = Read("Tables.sql");

    /// <summary>Query texts by the provider's keys.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = QueryFiles.SelectMany(file => Parse(Read(file))).ToDictionary();

    private static IEnumerable<KeyValuePair<string, string>> Parse(string text) =>
        from part in text.Split(Header, StringSplitOptions.RemoveEmptyEntries)
        let end = part.IndexOf('\n', StringComparison.Ordinal)
        select KeyValuePair.Create(part[..end].Trim(), part[end..].Trim());

    private static string Read(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(file)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
