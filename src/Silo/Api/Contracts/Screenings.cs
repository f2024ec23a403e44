namespace MedGenCluster.Silo.Api.Contracts;

/// <param name="Inputs">Files or folders of candidates on the host.</param>
/// <param name="Name">Name of the results' folder on the host: letters, digits, dot, dash and underscore.</param>
public sealed record ScreeningRequest(
    IReadOnlyList<string> Inputs, string Name, double? MinProbability = null, bool UseClassifier = true, string? LabelColumn = null, bool Restart = false, bool Strict = false);

/// <param name="Folder">To be named as the screening of a crawl.</param>
/// <param name="Complete">False while it runs or where it was stopped.</param>
public sealed record ScreeningView(string Name, string Folder, bool Complete, DateTimeOffset WrittenAt);
